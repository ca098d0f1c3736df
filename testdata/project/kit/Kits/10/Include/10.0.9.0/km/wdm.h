#error "an older version of the kit"
