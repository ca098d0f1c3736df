
/* ---- ws2def / winsock values ---- */
#define AF_UNSPEC 0
#define AF_UNIX 1
#define AF_INET 2
#define AF_INET6 23
#define AF_HYPERV 34
#define SOCK_STREAM 1
#define SOCK_DGRAM 2
#define SOCK_RAW 3
#define INADDR_ANY ((ULONG)0)
#define INADDR_LOOPBACK 0x7f000001
#define INADDR_BROADCAST ((ULONG)0xffffffff)
#define INADDR_NONE 0xffffffff
#define IN_CLASSD(a) (((LONG)(a) & 0xf0000000) == 0xe0000000)
#define SOL_SOCKET 0xffff
#define SO_REUSEADDR 4
#define SO_KEEPALIVE 8
#define SO_BROADCAST 0x20
#define SO_RCVBUF 0x1002
#define SO_SNDBUF 0x1001
#define SO_EXCLUSIVEADDRUSE ((int)(~SO_REUSEADDR))
#define TCP_NODELAY 1
#define IPV6_V6ONLY 27
#define IP_MULTICAST_IF 9
#define IN6ADDR_ANY_INIT {{{0}}}
#define IN6ADDR_LOOPBACK_INIT {{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}}}
#define INET_ADDRSTRLEN 22
#define INET6_ADDRSTRLEN 65
#define INETADDR_SET_PORT(a, port) (((SOCKADDR_IN *)(a))->sin_port = (port))
#define INETADDR_SET_ADDRESS(a, address) ((void)(a), (void)(address))
#define s_addr S_un.S_addr
#define s6_addr u.Byte
#define s6_bytes u.Byte
#define s6_words u.Word
#ifndef SOMAXCONN
#define SOMAXCONN 0x7fffffff
#endif

/* Control data of a message: headers and data, each at the alignment of a pointer. */
#define WSA_CMSGHDR_ALIGN(length) (((length) + sizeof(SIZE_T) - 1) & ~(sizeof(SIZE_T) - 1))
#define WSA_CMSGDATA_ALIGN(length) (((length) + sizeof(ULONG_PTR) - 1) & ~(sizeof(ULONG_PTR) - 1))
#define WSA_CMSG_SPACE(length) (WSA_CMSGDATA_ALIGN(sizeof(WSACMSGHDR)) + WSA_CMSGHDR_ALIGN(length))
#define WSA_CMSG_LEN(length) (WSA_CMSGDATA_ALIGN(sizeof(WSACMSGHDR)) + (length))
#define WSA_CMSG_DATA(header) ((UCHAR *)(header) + WSA_CMSGDATA_ALIGN(sizeof(WSACMSGHDR)))
#define WSA_CMSG_FIRSTHDR(message)                                                                 \
    ((message)->Control.len >= sizeof(WSACMSGHDR) ? (LPWSACMSGHDR)(message)->Control.buf           \
                                                  : (LPWSACMSGHDR)NULL)
#define WSA_CMSG_NXTHDR(message, header)                                                           \
    ((header) == NULL ? WSA_CMSG_FIRSTHDR(message)                                                 \
     : (UCHAR *)(header) + WSA_CMSGHDR_ALIGN((header)->cmsg_len) + sizeof(WSACMSGHDR) >            \
             (UCHAR *)(message)->Control.buf + (message)->Control.len                              \
         ? (LPWSACMSGHDR)NULL                                                                      \
         : (LPWSACMSGHDR)((UCHAR *)(header) + WSA_CMSGHDR_ALIGN((header)->cmsg_len)))
