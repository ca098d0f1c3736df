Dear maintainers,

this is no program. It has (unbalanced } brackets, a "quote that never ends
and a # that directs nobody.
