namespace Synfin.Drill.Tests.Sockets;

/// <summary>What Linux does, call by call and state by state: from tcp(7), socket(7) and net/ipv4, and asked of a kernel.</summary>
public static class LinuxRows
{
    public static TheoryData<string> All { get; } =
    [
        // recvmsg: tcp_recvmsg_locked()
        "CLOSED | read 10 = ENOTCONN; read 10 peek = ENOTCONN; read 10 oob = EINVAL",
        "LISTEN | read 10 = ENOTCONN; write 10 = EPIPE",
        "SYN-SENT | read 10 = EAGAIN; write 10 = EAGAIN",
        "ESTABLISHED | read 10 = EAGAIN; read 10 oob = EINVAL; read 10 errqueue = EAGAIN",
        "ESTABLISHED | <text 10; read 4 text = 4 \"abcd\"; read 10 peek text = 6 \"efghij\"; read 10 text = 6 \"efghij\"; read 10 = EAGAIN",
        "ESTABLISHED | <text 10; read 4 trunc = 4; read 10 text = 6 \"efghij\"",
        "ESTABLISHED | <text 10; read 20 all = 10; read 20 all = EAGAIN",
        "ESTABLISHED | <text 10; <fin; read 4 = 4; read 10 = 6; read 10 = 0; read 10 = 0",
        "CLOSE-WAIT | read 10 = 0; read 10 peek = 0; write 10 = 10; read 10 oob = EINVAL",
        "FIN-WAIT-2 | read 10 = EAGAIN; <text 5; read 10 = 5; <fin; read 10 = 0",
        "FIN-WAIT-1 | <text 5; read 10 = 5; read 10 = EAGAIN",
        "TIME-WAIT | read 10 = 0; write 10 = EPIPE; get SO_ERROR = 0",
        "LAST-ACK | read 10 = 0; write 10 = EPIPE",
        "CLOSING | read 10 = 0; write 10 = EPIPE",

        // RST: tcp_reset(): the error once, then the end of both directions
        "RESET | read 10 = ECONNRESET; read 10 = 0; write 10 = EPIPE; get SO_ERROR = 0",
        "RESET | write 10 = ECONNRESET; write 10 = EPIPE; read 10 = 0",
        "RESET | get SO_ERROR = ECONNRESET; get SO_ERROR = 0; read 10 = 0; write 10 = EPIPE",
        "RESET | shutdown wr = ENOTCONN; read 10 = ECONNRESET; peer = ENOTCONN; name = 0",
        "ESTABLISHED | <text 10; <rst; read 4 = 4; read 10 = 6; read 10 = ECONNRESET; read 10 = 0",
        "ESTABLISHED | <text 10; <rst; write 10 = ECONNRESET; read 10 = 10; read 10 = 0",
        "RESET-IN-CLOSE-WAIT | read 10 = 0; get SO_ERROR = EPIPE; get SO_ERROR = 0",
        "RESET-IN-CLOSE-WAIT | write 10 = EPIPE; write 10 = EPIPE; get SO_ERROR = 0",
        "FIN-WAIT-2 | <rst; read 10 = ECONNRESET; read 10 = 0; write 10 = EPIPE",
        "LAST-ACK | <rst; read 10 = 0; get SO_ERROR = ECONNRESET",
        "TIME-WAIT | <rst; get SO_ERROR = 0; read 10 = 0",
        "REFUSED | read 10 = ECONNREFUSED; read 10 = 0; write 10 = EPIPE",
        "REFUSED | write 10 = ECONNREFUSED; write 10 = EPIPE",

        // sendmsg: tcp_sendmsg_locked(), sk_stream_error()
        "CLOSED | write 10 = EPIPE; write 0 = EPIPE",
        "ESTABLISHED | write 0 = 0; sent = nothing; write 10 = 10; sent = .10",
        "FIN-WAIT-1 | write 10 = EPIPE; write 0 = EPIPE; read 10 = EAGAIN",
        "FIN-WAIT-2 | write 10 = EPIPE",

        // connect: __inet_stream_connect()
        "SYN-SENT | connect = EALREADY; connect = EALREADY; <syn-ack; connect = 0; connect = EISCONN",
        "CONNECTED | write 10 = 10; connect = 0; connect = EISCONN",
        "REFUSED | connect = ECONNREFUSED; get SO_ERROR = 0; connect = EINPROGRESS; sent = S",
        "REFUSED | get SO_ERROR = ECONNREFUSED; connect = ECONNABORTED; connect = EINPROGRESS",
        "ESTABLISHED | connect = EISCONN; connect unspec = 0; sent = R.; get SO_ERROR = ECONNRESET; read 10 = ENOTCONN; peer = ENOTCONN",
        "ESTABLISHED | connect unspec = 0; read 10 = ECONNRESET; read 10 = ENOTCONN",
        "CLOSE-WAIT | connect unspec = 0; sent = R.; write 10 = ECONNRESET; write 10 = EPIPE",
        "SYN-SENT | connect unspec = 0; sent = nothing; get SO_ERROR = ECONNRESET; connect = EINPROGRESS; sent = S",
        "LISTEN | connect = EISCONN; connect unspec = 0; accept = EINVAL; <syn; sent = R",
        "TIME-WAIT | connect = EISCONN",
        "RESET | connect = EISCONN",
        "CLOSED | connect unspec = 0; get SO_ERROR = 0",

        // listen, accept, bind
        "CLOSED | accept = EINVAL; listen = 0; accept = EAGAIN; listen = 0; bind = EINVAL",
        "CLOSED | bind = 0; bind = EINVAL; listen = 0; get SO_ACCEPTCONN = 1",
        "LISTEN | accept = EAGAIN; <syn; accept = 5; accept = EAGAIN; bind = EINVAL; get SO_ERROR = 0",
        "LISTEN | <syn; <rst; accept = 5",
        "ESTABLISHED | accept = EINVAL; listen = EINVAL; bind = EINVAL",
        "SYN-SENT | accept = EINVAL; listen = EINVAL; peer = ENOTCONN; name = 0",
        "CLOSED | peer = ENOTCONN; name = 0",

        // shutdown: inet_shutdown()
        "CLOSED | shutdown wr = ENOTCONN; shutdown bad = EINVAL",
        "LISTEN | shutdown wr = 0; accept = EAGAIN; shutdown rd = 0; accept = EINVAL; listen = 0; accept = EAGAIN",
        "SYN-SENT | shutdown wr = 0; get SO_ERROR = ECONNRESET; write 10 = EPIPE; connect = EINPROGRESS",
        "SYN-SENT | shutdown rd = 0; sent = nothing; read 10 = ECONNRESET; read 10 = ENOTCONN",
        "ESTABLISHED | shutdown wr = 0; sent = F.; shutdown wr = 0; sent = nothing; write 10 = EPIPE; read 10 = EAGAIN",
        "ESTABLISHED | shutdown rd = 0; sent = nothing; read 10 = 0; write 10 = 10; <text 10; read 4 = 4; read 10 = 6; read 10 = 0",
        "ESTABLISHED | shutdown rdwr = 0; sent = F.; read 10 = 0; write 10 = EPIPE; <ack; shutdown rdwr = 0",
        "ESTABLISHED | shutdown rdwr = 0; <ack; <text 10; read 10 = ECONNRESET; shutdown wr = ENOTCONN",
        "CLOSE-WAIT | shutdown wr = 0; sent = F.; shutdown rdwr = 0; <ack; shutdown wr = ENOTCONN",
        "TIME-WAIT | shutdown wr = ENOTCONN; peer = ENOTCONN",

        // close: __tcp_close()
        "ESTABLISHED | close = 0; sent = F.; read 10 = EBADF; close = EBADF",
        "ESTABLISHED | <text 10; close = 0; sent = R.",
        "ESTABLISHED | <text 10; read 10 = 10; close = 0; sent = F.",
        "CLOSE-WAIT | close = 0; sent = F.",
        "ESTABLISHED | <text 10; <fin; read 10 peek = 10; close = 0; sent = R.",
        "ESTABLISHED | linger 0 = 0; close = 0; sent = R.",
        "CLOSE-WAIT | linger 0 = 0; close = 0; sent = R.",
        "ESTABLISHED | write 10 = 10; sent = .10; linger 0 = 0; close = 0; sent = R.",
        "FIN-WAIT-2 | close = 0; sent = nothing; <text 10; sent = R",
        "FIN-WAIT-2 | linger 0 = 0; close = 0; sent = R.",
        "FIN-WAIT-2 | set TCP_LINGER2 -1 = 0; close = 0; sent = R.",
        "ESTABLISHED | close = 0; <ack; <text 10; sent = R",
        "LISTEN | <syn; close = 0; sent = R.",
        "SYN-SENT | close = 0; sent = nothing",

        // poll: tcp_poll()
        "CLOSED | poll = out hup",
        "LISTEN | poll = nothing; <syn; poll = in",
        "SYN-SENT | poll = nothing; <syn-ack; poll = out",
        "REFUSED | poll = in out err hup rdhup; get SO_ERROR = ECONNREFUSED; poll = in out hup rdhup",
        "ESTABLISHED | poll = out; <text 10; poll = in out; <fin; poll = in out rdhup; read 10 = 10; poll = in out rdhup",
        "CLOSE-WAIT | poll = in out rdhup; shutdown wr = 0; poll = in out hup rdhup",
        "FIN-WAIT-1 | poll = out",
        "FIN-WAIT-2 | poll = out; <fin; poll = in out hup rdhup",
        "RESET | poll = in out err hup rdhup; read 10 = ECONNRESET; poll = in out hup rdhup",
        "ESTABLISHED | shutdown rd = 0; poll = in out rdhup; shutdown wr = 0; poll = in out hup rdhup",
        "ESTABLISHED | <urgent 5; poll = in pri out; read 10 = 4; poll = pri out; read 1 oob = 1; poll = out",
        "ESTABLISHED | set SO_RCVLOWAT 5 = 0; <text 4; poll = out; <text 1; poll = in out; get SO_RCVLOWAT = 5",

        // urgent data: tcp_check_urg(), tcp_recv_urg(), SIOCATMARK
        "ESTABLISHED | <urgent 5; ioctl SIOCINQ = 4; read 10 text = 4 \"abcd\"; ioctl SIOCATMARK = 1; "
            + "read 1 oob text = 1 \"e\"; read 1 oob = EINVAL",
        "ESTABLISHED | <urgent 5; read 1 oob text = 1 \"e\"; read 10 = 4; ioctl SIOCATMARK = 1; read 10 = EAGAIN; <text 2; "
            + "read 10 text = 2 \"ab\"",
        "ESTABLISHED | <urgent 5; <text 3; read 10 = 4; read 10 text = 3 \"abc\"; ioctl SIOCATMARK = 0; read 1 oob = EINVAL",
        "ESTABLISHED | set SO_OOBINLINE 1 = 0; <urgent 5; read 10 = 4; ioctl SIOCATMARK = 1; read 1 oob = EINVAL; read 10 text = 1 \"e\"",
        "ESTABLISHED | <promise 3; poll = out; read 1 oob = EAGAIN; <text 3; read 1 oob text = 1 \"c\"",
        "ESTABLISHED | <urgent 5; read 1 oob peek = 1; read 1 oob = 1; read 1 oob peek = EINVAL",
        "ESTABLISHED | write 5 oob = 5; sent = .5; ioctl SIOCOUTQ = 5",

        // ioctl: tcp_ioctl()
        "ESTABLISHED | ioctl SIOCINQ = 0; <text 10; ioctl SIOCINQ = 10; <fin; ioctl SIOCINQ = 10; read 10 = 10; ioctl SIOCINQ = 0",
        "ESTABLISHED | write 10 = 10; ioctl SIOCOUTQ = 10; ioctl SIOCOUTQNSD = 0; sent = .10; <ack; ioctl SIOCOUTQ = 0",
        "LISTEN | ioctl SIOCINQ = EINVAL; ioctl SIOCOUTQ = EINVAL",
        "CLOSED | ioctl SIOCOUTQ = 0; ioctl SIOCINQ = 0",
        "FIN-WAIT-1 | ioctl SIOCOUTQ = 1; sent = nothing; <ack; ioctl SIOCOUTQ = 0",

        // ICMP: tcp_v4_err(), icmp_err_convert[]
        "SYN-SENT | <unreachable 1; get SO_ERROR = EHOSTUNREACH; read 10 = 0; connect = ECONNABORTED",
        "SYN-SENT | <unreachable 0; connect = ENETUNREACH; connect = EINPROGRESS",
        "SYN-SENT | <unreachable 2; read 10 = ENOPROTOOPT; poll = in out err hup rdhup; read 100 errqueue = 8; poll = in out hup rdhup",
        "SYN-SENT | <unreachable 3; poll = in out err hup rdhup; write 10 = ECONNREFUSED",
        "SYN-SENT | <unreachable 5; connect = EOPNOTSUPP",
        "SYN-SENT | <unreachable 13; connect = EHOSTUNREACH",
        "SYN-SENT | <expired; connect = EHOSTUNREACH",
        "ESTABLISHED | write 10 = 10; <unreachable 1; poll = out; get SO_ERROR = EHOSTUNREACH; get SO_ERROR = 0; "
            + "write 10 = 10; read 10 = EAGAIN",
        "ESTABLISHED | write 10 = 10; <unreachable 3; get SO_ERROR = ECONNREFUSED; write 10 = 10",
        "ESTABLISHED | write 10 = 10; <unreachable 1; <ack; get SO_ERROR = 0",

        // Nagle, cork and MSG_MORE: tcp_push()
        "ESTABLISHED | write 10 = 10; sent = .10; write 10 = 10; sent = nothing; <ack; sent = .10",
        "ESTABLISHED | write 10 = 10; sent = .10; write 10 = 10; sent = nothing; set TCP_NODELAY 1 = 0; sent = .10",
        "ESTABLISHED | set TCP_CORK 1 = 0; write 10 = 10; write 5 = 5; sent = nothing; set TCP_CORK 0 = 0; sent = .15",
        "ESTABLISHED | write 10 more = 10; sent = nothing; write 10 = 10; sent = .20; write 10 = 10; sent = nothing; <ack; sent = .10",
        "ESTABLISHED | write 10 more = 10; sent = nothing; <ack; sent = .10",
        "ESTABLISHED | write 10 = 10; sent = .10; write 10 more = 10; sent = nothing; <ack; sent = .10",
        "ESTABLISHED | set TCP_QUICKACK 0 = 0; <text 10; set TCP_QUICKACK 1 = 0; sent all = nothing; get TCP_QUICKACK = 1",
        "ESTABLISHED | set TCP_QUICKACK 0 = 0; <text 10; read 10 = 10; sent all = nothing; set TCP_QUICKACK 1 = 0; sent all = .",
        "ESTABLISHED | <text 10; sent all = .; <text 10; sent all = .; set TCP_QUICKACK 0 = 0; <text 10; "
            + "sent all = nothing; get TCP_QUICKACK = 0",
        "ESTABLISHED | write 10 more = 10; shutdown wr = 0; sent = F.10",
        "ESTABLISHED | set TCP_CORK 1 = 0; write 10 = 10; close = 0; sent = F.10",

        // bind: inet_csk_get_port()
        "CLOSED | bind = 0; 6.open = 6; 6.bind = EADDRINUSE; 6.set SO_REUSEADDR 1 = 0; 6.bind = EADDRINUSE; "
            + "set SO_REUSEADDR 1 = 0; 6.bind = 0",
        "CLOSED | set SO_REUSEADDR 1 = 0; bind = 0; 6.open = 6; 6.set SO_REUSEADDR 1 = 0; 6.bind = 0; listen = 0; 6.listen = EADDRINUSE",
        "LISTEN | set SO_REUSEADDR 1 = 0; 6.open = 6; 6.set SO_REUSEADDR 1 = 0; 6.bind = EADDRINUSE",
        "ESTABLISHED | 3.close = 0; 6.open = 6; 6.bind = EADDRINUSE; 6.set SO_REUSEADDR 1 = 0; 6.bind = EADDRINUSE",
        "LISTEN | set SO_REUSEADDR 1 = 0; <syn; accept = 5; close = 0; 6.open = 6; 6.bind = EADDRINUSE; "
            + "6.set SO_REUSEADDR 1 = 0; 6.bind = 0; 6.listen = 0",
        "TIME-WAIT | close = 0; 3.close = 0; 6.open = 6; 6.bind = EADDRINUSE; 6.set SO_REUSEADDR 1 = 0; 6.bind = EADDRINUSE",
        "LISTEN | set SO_REUSEADDR 1 = 0; <syn; accept = 5; close = 0; 5.shutdown wr = 0; <ack; <fin; 5.close = 0; "
            + "6.open = 6; 6.bind = EADDRINUSE; "
            + "6.set SO_REUSEADDR 1 = 0; 6.bind = 0",
        "RESET | close = 0; 3.close = 0; 6.open = 6; 6.bind = 0",

        // setsockopt, getsockopt
        "CLOSED | set SO_RCVBUF 10000 = 0; get SO_RCVBUF = 20000; set SO_SNDBUF 10000 = 0; get SO_SNDBUF = 20000",
        "CLOSED | set SO_RCVBUF 1 = 0; get SO_RCVBUF = 2304; set SO_SNDBUF 1 = 0; get SO_SNDBUF = 4608",
        "CLOSED | set SO_ERROR 1 = ENOPROTOOPT; set SO_TYPE 1 = ENOPROTOOPT; get SO_TYPE = 1; get SO_PROTOCOL = 6; get SO_DOMAIN = 2",
        "CLOSED | get TCP_MAXSEG = 536; set TCP_MAXSEG 87 = EINVAL; set TCP_MAXSEG 1000 = 0; get TCP_MAXSEG = 1000; "
            + "set TCP_MAXSEG 32768 = EINVAL",
        "ESTABLISHED | get TCP_MAXSEG = 1460; set TCP_MAXSEG 1000 = 0; get TCP_MAXSEG = 1460",
        "CLOSED | set TCP_KEEPIDLE 0 = EINVAL; set TCP_KEEPIDLE 32768 = EINVAL; set TCP_KEEPIDLE 9 = 0; get TCP_KEEPIDLE = 9",
        "CLOSED | set TCP_KEEPCNT 128 = EINVAL; get TCP_KEEPCNT = 9; set TCP_KEEPCNT 3 = 0; get TCP_KEEPCNT = 3; get TCP_KEEPINTVL = 75",
        "CLOSED | set TCP_SYNCNT 0 = EINVAL; get TCP_SYNCNT = 6; set TCP_SYNCNT 2 = 0; get TCP_SYNCNT = 2",
        "CLOSED | get TCP_LINGER2 = 60; set TCP_LINGER2 10 = 0; get TCP_LINGER2 = 10; set TCP_LINGER2 -5 = 0; get TCP_LINGER2 = -1",
        "LISTEN | get TCP_DEFER_ACCEPT = 0; set TCP_DEFER_ACCEPT 10 = 0; get TCP_DEFER_ACCEPT = 15; "
            + "set TCP_DEFER_ACCEPT 1 = 0; get TCP_DEFER_ACCEPT = 1",
        "CLOSED | set TCP_USER_TIMEOUT -1 = EINVAL; set TCP_USER_TIMEOUT 3000 = 0; get TCP_USER_TIMEOUT = 3000",
        "CLOSED | get TCP_NODELAY = 0; set TCP_NODELAY 7 = 0; get TCP_NODELAY = 1; set TCP_CORK 1 = 0; get TCP_CORK = 1",
        "CLOSED | set IP_TTL 0 = EINVAL; set IP_TTL 256 = EINVAL; get IP_TTL = 64; set IP_TTL 9 = 0; get IP_TTL = 9; "
            + "set IP_TTL -1 = 0; get IP_TTL = 64",
        "CLOSED | set IP_TOS 255 = 0; get IP_TOS = 252; get IP_MTU = ENOTCONN; set IP_MTU_DISCOVER 9 = EINVAL; get IP_MTU_DISCOVER = 1",
        "ESTABLISHED | get IP_MTU = 1500",
        "CLOSED | set IPV6_TCLASS 1 = ENOPROTOOPT; set TCP_KEEPINIT 1 = ENOPROTOOPT",
        "ESTABLISHED | set TCP_FASTOPEN 1 = EINVAL; set TCP_WINDOW_CLAMP 0 = EINVAL; set TCP_NOTSENT_LOWAT 100 = 0; "
            + "get TCP_NOTSENT_LOWAT = 100",
    ];
}
