using Synfin.Drill.Sockets;

namespace Synfin.Drill.Tests.Sockets;

/// <summary>
/// FreeBSD's socket calls over the engine, where they are not Linux's: kern/uipc_socket.c, kern/uipc_syscalls.c, netinet/tcp_usrreq.c and
/// the manual's connect(2), send(2), shutdown(2), tcp(4).
/// </summary>
public sealed class FreeBsdSocketTests
{
    [Theory]
    // soreceive(): so_error before the end of the stream, and told once
    [InlineData("CLOSED | read 10 = ENOTCONN")]
    [InlineData("SYN-SENT | read 10 = EAGAIN")]
    [InlineData("RESET | read 10 = ECONNRESET; read 10 = 0; write 10 = EPIPE; get SO_ERROR = 0")]
    [InlineData("RESET | read 10 peek = ECONNRESET; read 10 = ECONNRESET; read 10 = 0")]
    [InlineData("RESET-IN-CLOSE-WAIT | read 10 = ECONNRESET; read 10 = 0")]
    [InlineData("CLOSE-WAIT | read 10 = 0; write 10 = 10")]
    [InlineData("ESTABLISHED | <text 10; <text 10; <rst; read 4 = 4; read 20 = 16; read 10 = ECONNRESET; read 10 = 0")]
    // sosend(): SBS_CANTSENDMORE, then so_error, then ENOTCONN
    [InlineData("CLOSED | write 10 = ENOTCONN")]
    [InlineData("LISTEN | write 10 = ENOTCONN")]
    [InlineData("SYN-SENT | write 10 = ENOTCONN")]
    [InlineData("RESET | write 10 = EPIPE; write 10 = EPIPE; get SO_ERROR = ECONNRESET; get SO_ERROR = 0")]
    [InlineData("FIN-WAIT-2 | write 10 = EPIPE; read 10 = EAGAIN")]
    [InlineData("REFUSED | write 10 = EPIPE; get SO_ERROR = ECONNREFUSED")]
    [InlineData("ESTABLISHED | write 10 eof = 10; sent = F.10; write 10 = EPIPE")]
    // connect(2): a socket connects once
    [InlineData("SYN-SENT | connect = EALREADY; <syn-ack; connect = EISCONN; connect = EISCONN")]
    [InlineData("REFUSED | get SO_ERROR = ECONNREFUSED; connect = ECONNREFUSED; connect = ECONNREFUSED")]
    [InlineData("ESTABLISHED | connect = EISCONN; connect unspec = EISCONN")]
    [InlineData("LISTEN | connect = EOPNOTSUPP")]
    [InlineData("CLOSED | connect unspec = EAFNOSUPPORT")]
    // shutdown(2)
    [InlineData("CLOSED | shutdown wr = ENOTCONN; shutdown bad = EINVAL")]
    [InlineData("ESTABLISHED | shutdown wr = 0; sent = F.; shutdown wr = 0; write 10 = EPIPE; read 10 = EAGAIN")]
    [InlineData("ESTABLISHED | <text 10; shutdown rd = 0; read 10 = 0; <text 10; read 10 = 0; write 10 = 10")]
    [InlineData("ESTABLISHED | shutdown rdwr = 0; <ack; <text 10; read 10 = 0; sent = nothing")]
    [InlineData("SYN-SENT | shutdown wr = 0; <syn-ack; sent = F.; write 10 = EPIPE")]
    [InlineData("LISTEN | shutdown rd = 0; accept = ECONNABORTED; accept = EINVAL")]
    [InlineData("RESET | shutdown wr = ENOTCONN")]
    // close(2): unread data is flushed and FIN follows, where Linux resets
    [InlineData("ESTABLISHED | <text 10; close = 0; sent = F.")]
    [InlineData("ESTABLISHED | linger 0 = 0; close = 0; sent = R.")]
    [InlineData("ESTABLISHED | close = 0; <ack; <text 10; sent = R")]
    // accept(2)
    [InlineData("CLOSED | accept = EINVAL")]
    [InlineData("LISTEN | accept = EAGAIN; <syn; <rst; accept = ECONNABORTED; accept = EAGAIN")]
    // poll(2)
    [InlineData("CLOSED | poll = nothing")]
    [InlineData("SYN-SENT | poll = nothing; <syn-ack; poll = out")]
    [InlineData("ESTABLISHED | poll = out; <text 10; poll = in out; <fin; poll = in out rdhup")]
    [InlineData("CLOSE-WAIT | poll = in out rdhup; shutdown wr = 0; poll = in out hup rdhup")]
    [InlineData("RESET | poll = in out hup rdhup; read 10 = ECONNRESET; poll = in out hup rdhup")]
    // getsockopt(2), setsockopt(2): switches are told as their bits, buffers as they are
    [InlineData("CLOSED | set SO_RCVBUF 10000 = 0; get SO_RCVBUF = 10000; set SO_SNDBUF 0 = EINVAL; set SO_RCVBUF 99999999 = ENOBUFS")]
    [InlineData("CLOSED | set SO_REUSEADDR 1 = 0; get SO_REUSEADDR = 4; set SO_KEEPALIVE 1 = 0; get SO_KEEPALIVE = 8")]
    [InlineData("CLOSED | set TCP_NODELAY 1 = 0; get TCP_NODELAY = 4; set TCP_NOPUSH 1 = 0; set TCP_CORK 1 = ENOPROTOOPT")]
    [InlineData("CLOSED | set TCP_KEEPINIT 5 = 0; get TCP_KEEPINIT = 5; set TCP_KEEPIDLE 0 = 0; get TCP_KEEPIDLE = 7200; "
        + "set TCP_KEEPCNT -1 = EINVAL")]
    [InlineData("CLOSED | set TCP_USER_TIMEOUT 5 = ENOPROTOOPT; set TCP_QUICKACK 1 = ENOPROTOOPT; linger 40000 = EDOM")]
    [InlineData("CLOSED | set TCP_MAXSEG 1000 = EINVAL; set TCP_MAXSEG 500 = 0; set TCP_MAXSEG 100 = EINVAL; get TCP_MAXSEG = 500")]
    [InlineData("RESET | set TCP_NODELAY 1 = ECONNRESET; get TCP_NODELAY = ECONNRESET")]
    // ICMP in SYN-SENT: who forbids refuses; that a host cannot be reached may pass
    [InlineData("SYN-SENT | <unreachable 13; get SO_ERROR = ECONNREFUSED")]
    [InlineData("SYN-SENT | <unreachable 2; get SO_ERROR = ECONNREFUSED")]
    [InlineData("SYN-SENT | <unreachable 1; get SO_ERROR = 0; <syn-ack; poll = out")]
    public void Calls_return_what_FreeBSD_returns(string row)
    {
        using var world = new EngineWorld(KernelKind.FreeBsd);
        Assert.Equal(row, new SocketStory(world).Tell(row));
    }
}
