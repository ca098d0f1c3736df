
/* ---- ndis: lvalue accessors and flag tests ---- */
/* Every version is supported: the declarations are there, so drivers may use them. */
#define NDIS_SUPPORT_NDIS6 1
#define NDIS_SUPPORT_NDIS61 1
#define NDIS_SUPPORT_NDIS620 1
#define NDIS_SUPPORT_NDIS630 1
#define NDIS_SUPPORT_NDIS640 1
#define NDIS_SUPPORT_NDIS650 1
#define NDIS_SUPPORT_NDIS651 1
#define NDIS_SUPPORT_NDIS660 1
#define NDIS_SUPPORT_NDIS670 1
#define NDIS_SUPPORT_NDIS680 1
#define NDIS_SUPPORT_NDIS681 1
#define NDIS_SUPPORT_NDIS682 1
#define NDIS_SUPPORT_NDIS683 1
#define NDIS_SUPPORT_NDIS684 1
#define NDIS_SUPPORT_NDIS685 1
#define NDIS_SUPPORT_NDIS686 1
#define NDIS_SUPPORT_NDIS687 1
#ifndef NDIS_MINIPORT_MAJOR_VERSION
#define NDIS_MINIPORT_MAJOR_VERSION 6
#define NDIS_MINIPORT_MINOR_VERSION 30
#endif
#define NDIS_MINIPORT_MINIMUM_MAJOR_VERSION 6
#define NDIS_MINIPORT_MINIMUM_MINOR_VERSION 30
#define NDIS_MINIPORT_VERSION 0x0600001e
#ifndef NDIS_FILTER_MAJOR_VERSION
#define NDIS_FILTER_MAJOR_VERSION 6
#define NDIS_FILTER_MINOR_VERSION 30
#endif
#define NDIS_FILTER_MINIMUM_MAJOR_VERSION 6
#define NDIS_FILTER_MINIMUM_MINOR_VERSION 30
#ifndef NDIS_PROTOCOL_MAJOR_VERSION
#define NDIS_PROTOCOL_MAJOR_VERSION 6
#define NDIS_PROTOCOL_MINOR_VERSION 30
#endif
#define NDIS_PROTOCOL_MINIMUM_MAJOR_VERSION 6
#define NDIS_PROTOCOL_MINIMUM_MINOR_VERSION 30

#define NDIS_STRING_CONST(s) {sizeof(L##s) - sizeof(WCHAR), sizeof(L##s), (PWSTR)L##s}
#define NDIS_CURRENT_IRQL() KeGetCurrentIrql()
#define NDIS_CURRENT_PROCESSOR_NUMBER KeGetCurrentProcessorNumber()
#define NDIS_RAISE_IRQL_TO_DISPATCH(old) KeRaiseIrql(DISPATCH_LEVEL, (old))
#define NDIS_LOWER_IRQL(old, current) KeLowerIrql(old)
#define NDIS_MDL_LINKAGE(mdl) ((mdl)->Next)
#define NDIS_BUFFER_LINKAGE(mdl) ((mdl)->Next)
#define NDIS_BUFFER_TO_SPAN_PAGES(mdl) MmSizeOfMdl((mdl), 1)
#define NDIS_PAGEABLE_FUNCTION(f) __pragma(alloc_text("PAGE", f))
#define NDIS_PAGABLE_FUNCTION(f) __pragma(alloc_text("PAGE", f))
#define NDIS_INIT_FUNCTION(f) __pragma(alloc_text("INIT", f))
#define NDIS_TEST_SEND_FLAG(flags, mask) (((flags) & (mask)) == (mask))
#define NDIS_SET_SEND_FLAG(flags, mask) ((flags) |= (mask))
#define NDIS_CLEAR_SEND_FLAG(flags, mask) ((flags) &= ~(mask))
#define NDIS_TEST_SEND_AT_DISPATCH_LEVEL(flags) (((flags) & NDIS_SEND_FLAGS_DISPATCH_LEVEL) != 0)
#define NDIS_TEST_SEND_COMPLETE_FLAG(flags, mask) (((flags) & (mask)) == (mask))
#define NDIS_SET_SEND_COMPLETE_FLAG(flags, mask) ((flags) |= (mask))
#define NDIS_CLEAR_SEND_COMPLETE_FLAG(flags, mask) ((flags) &= ~(mask))
#define NDIS_TEST_SEND_COMPLETE_AT_DISPATCH_LEVEL(flags)                                           \
    (((flags) & NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL) != 0)
#define NDIS_TEST_RECEIVE_FLAG(flags, mask) (((flags) & (mask)) == (mask))
#define NDIS_SET_RECEIVE_FLAG(flags, mask) ((flags) |= (mask))
#define NDIS_CLEAR_RECEIVE_FLAG(flags, mask) ((flags) &= ~(mask))
#define NDIS_TEST_RECEIVE_AT_DISPATCH_LEVEL(flags)                                                 \
    (((flags) & NDIS_RECEIVE_FLAGS_DISPATCH_LEVEL) != 0)
#define NDIS_TEST_RECEIVE_CANNOT_PEND(flags) (((flags) & NDIS_RECEIVE_FLAGS_RESOURCES) != 0)
#define NDIS_TEST_RECEIVE_CAN_PEND(flags) (((flags) & NDIS_RECEIVE_FLAGS_RESOURCES) == 0)
#define NDIS_TEST_RETURN_FLAG(flags, mask) (((flags) & (mask)) == (mask))
#define NDIS_SET_RETURN_FLAG(flags, mask) ((flags) |= (mask))
#define NDIS_CLEAR_RETURN_FLAG(flags, mask) ((flags) &= ~(mask))
#define NDIS_TEST_RETURN_AT_DISPATCH_LEVEL(flags)                                                  \
    (((flags) & NDIS_RETURN_FLAGS_DISPATCH_LEVEL) != 0)
#define NET_BUFFER_NEXT_NB(nb) ((nb)->Next)
#define NET_BUFFER_FIRST_MDL(nb) ((nb)->MdlChain)
#define NET_BUFFER_DATA_LENGTH(nb) ((nb)->DataLength)
#define NET_BUFFER_DATA_OFFSET(nb) ((nb)->DataOffset)
#define NET_BUFFER_CURRENT_MDL(nb) ((nb)->CurrentMdl)
#define NET_BUFFER_CURRENT_MDL_OFFSET(nb) ((nb)->CurrentMdlOffset)
#define NET_BUFFER_PROTOCOL_RESERVED(nb) ((nb)->ProtocolReserved)
#define NET_BUFFER_MINIPORT_RESERVED(nb) ((nb)->MiniportReserved)
#define NET_BUFFER_CHECKSUM_BIAS(nb) ((nb)->ChecksumBias)
#define NET_BUFFER_FIRST_SHARED_MEM_INFO(nb) ((nb)->SharedMemoryInfo)
#define NET_BUFFER_SHARED_MEM_NEXT_SEGMENT(m) ((m)->NextSharedMemorySegment)
#define NET_BUFFER_SHARED_MEM_FLAGS(m) ((m)->SharedMemoryFlags)
#define NET_BUFFER_SHARED_MEM_HANDLE(m) ((m)->SharedMemoryHandle)
#define NET_BUFFER_SHARED_MEM_OFFSET(m) ((m)->SharedMemoryOffset)
#define NET_BUFFER_SHARED_MEM_LENGTH(m) ((m)->SharedMemoryLength)
#define NET_BUFFER_SCATTER_GATHER_LIST(nb) ((nb)->ScatterGatherList)
#define NET_BUFFER_LIST_NEXT_NBL(nbl) ((nbl)->Next)
#define NET_BUFFER_LIST_FIRST_NB(nbl) ((nbl)->FirstNetBuffer)
#define NET_BUFFER_LIST_FLAGS(nbl) ((nbl)->Flags)
#define NET_BUFFER_LIST_NBL_FLAGS(nbl) ((nbl)->NblFlags)
#define NET_BUFFER_LIST_STATUS(nbl) ((nbl)->Status)
#define NET_BUFFER_LIST_INFO(nbl, id) ((nbl)->NetBufferListInfo[(id)])
#define NET_BUFFER_LIST_PROTOCOL_RESERVED(nbl) ((nbl)->ProtocolReserved)
#define NET_BUFFER_LIST_MINIPORT_RESERVED(nbl) ((nbl)->MiniportReserved)
#define NET_BUFFER_LIST_CONTEXT_DATA_START(nbl)                                                    \
    ((PUCHAR)((nbl)->Context) + sizeof(NET_BUFFER_LIST_CONTEXT) + (nbl)->Context->Offset)
#define NET_BUFFER_LIST_CONTEXT_DATA_SIZE(nbl) ((nbl)->Context->Size)
#define NET_BUFFER_LIST_LOOKAHEAD_INFO(nbl) NET_BUFFER_LIST_INFO(nbl, 0)
#define NET_BUFFER_LIST_RECEIVE_QUEUE_ID(nbl) (*(NDIS_NET_BUFFER_LIST_FILTERING_INFO *)&NET_BUFFER_LIST_INFO((nbl), NetBufferListFilteringInfo)).FilteringInfo.QueueId
#define NET_BUFFER_LIST_RECEIVE_FILTER_ID(nbl) (*(NDIS_NET_BUFFER_LIST_FILTERING_INFO *)&NET_BUFFER_LIST_INFO((nbl), NetBufferListFilteringInfo)).FilteringInfo.FilterId
#define NET_BUFFER_LIST_RECEIVE_QUEUE_VPORT_ID(nbl) (*(ULONG *)&NET_BUFFER_LIST_INFO((nbl), NetBufferListFilteringInfo))
#define NBL_TEST_FLAG(nbl, mask) (((nbl)->Flags & (mask)) == (mask))
#define NBL_SET_FLAG(nbl, mask) ((nbl)->Flags |= (mask))
#define NBL_CLEAR_FLAG(nbl, mask) ((nbl)->Flags &= ~(mask))
#define NBL_TEST_PROT_RSVD_FLAG(nbl, mask) (((nbl)->Flags & (mask)) != 0)
#define NBL_SET_PROT_RSVD_FLAG(nbl, mask) ((nbl)->Flags |= (mask))
#define NBL_CLEAR_PROT_RSVD_FLAG(nbl, mask) ((nbl)->Flags &= ~(mask))
#define NDIS_DECLARE_MINIPORT_ADAPTER_CONTEXT(t)
#define NDIS_DECLARE_MINIPORT_DRIVER_CONTEXT(t)
#define NDIS_DECLARE_MINIPORT_INTERRUPT_CONTEXT(t)
#define NDIS_DECLARE_FILTER_MODULE_CONTEXT(t)
#define NDIS_DECLARE_FILTER_DRIVER_CONTEXT(t)
#define NDIS_DECLARE_PROTOCOL_OPEN_CONTEXT(t)
#define NDIS_DECLARE_PROTOCOL_DRIVER_CONTEXT(t)
#define NDIS_DECLARE_SHARED_CONTEXT(t)
#define NdisGetPhysicalAddressHigh(p) ((p).HighPart)
#define NdisGetPhysicalAddressLow(p) ((p).LowPart)
#define NdisSetPhysicalAddressHigh(p, v) ((p).HighPart = (v))
#define NdisSetPhysicalAddressLow(p, v) ((p).LowPart = (v))
#define NDIS_PHYSICAL_ADDRESS_CONST(low, high) {{(ULONG)(low), (LONG)(high)}}
#define NDIS_STATUS_TO_NTSTATUS_(s) (s)
#define NDIS_ANSI_STRING_CONST(s) {sizeof(s) - 1, sizeof(s), s}
#define NdisFreeString(s) NdisFreeMemory((s).Buffer, (s).MaximumLength, 0)
#define NDIS_MAKE_RID(segment, bus, function)                                                      \
    (((ULONG)(segment) << 16) | ((ULONG)(bus) << 8) | (ULONG)(function))
#define NDIS_DECLARE_SWITCH_NET_BUFFER_LIST_CONTEXT_TYPE(...)

#define NDIS_OBJECT_TYPE_SIZE_(t) sizeof(t)
