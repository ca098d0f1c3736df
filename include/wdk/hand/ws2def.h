
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
