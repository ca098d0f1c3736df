/* nothing: it only forbids old functions */
