
/* ---- portcls: automation tables ---- */
#include <stdunk.h>
#define DEFINE_PCAUTOMATION_TABLE(name)                                                            \
    const PCAUTOMATION_TABLE name = {0, 0, NULL, 0, 0, NULL, 0, 0, NULL, 0}
#define DEFINE_PCAUTOMATION_TABLE_PROP(name, props)                                                \
    const PCAUTOMATION_TABLE name = {sizeof((props)[0]), SIZEOF_ARRAY(props), (PCPROPERTY_ITEM *)(props), \
                                     0, 0, NULL, 0, 0, NULL, 0}
#define DEFINE_PCAUTOMATION_TABLE_PROP_EVENT(name, props, events)                                  \
    const PCAUTOMATION_TABLE name = {sizeof((props)[0]), SIZEOF_ARRAY(props), (PCPROPERTY_ITEM *)(props), \
                                     0, 0, NULL, sizeof((events)[0]), SIZEOF_ARRAY(events), (PCEVENT_ITEM *)(events), 0}
