/* What a trace configuration can say of a macro: values around the message, leaving the function. */
#define WPP_LEVEL_FLAGS_RETVAL_PRE(LEVEL, FLAGS, RETVAL)                                           \
    do {                                                                                           \
        int result = (RETVAL);                                                                     \
        if (result < 0) {
#define WPP_LEVEL_FLAGS_RETVAL_POST(LEVEL, FLAGS, RETVAL)                                          \
    ;                                                                                              \
    return result;                                                                                 \
    }                                                                                              \
    }                                                                                              \
    while (0)
#define WPP_LEVEL_FLAGS_ENABLED(LEVEL, FLAGS)                                                      \
    (WPP_LEVEL_ENABLED(FLAGS) && WPP_CONTROL(WPP_BIT_##FLAGS).Level >= LEVEL)
// begin_wpp config
// FUNC ReturnIfBad{LEVEL=TRACE_LEVEL_ERROR,FLAGS=FLAG_ALL}(RETVAL);
// FUNC ReturnIfBadMessage{LEVEL=TRACE_LEVEL_ERROR,FLAGS=FLAG_ALL}(RETVAL, MSG, ...);
// LogBraces{LEVEL=TRACE_LEVEL_ERROR}(FLAGS, MSG, ...);
// USEPREFIX (LogBraces, "%!FUNC!");
// end_wpp
