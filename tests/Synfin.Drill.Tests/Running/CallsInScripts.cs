using System.Net;
using Synfin.Drill.Language;
using Synfin.Drill.Running;
using Synfin.Drill.Sockets;
using Synfin.Timers;

namespace Synfin.Drill.Tests.Running;

/// <summary>Lines that make a call: its arguments, its result, what it stores, and whether it blocks.</summary>
public sealed class CallsInScripts
{
    [Theory]
    [InlineData("close(3) = 0", 0, null, null, null)]
    [InlineData("close(3) = 0", 1, null, "close() = 0", "it returned 1")]
    [InlineData("write(3, ..., 9) = -1 EPIPE (Broken pipe)", -1, "EPIPE", null, null)]
    [InlineData("write(3, ..., 9) = -1 EPIPE", -1, "EAGAIN", "write() = -1 EPIPE", "it returned -1 EAGAIN")]
    [InlineData("write(3, ..., 9) = -1 EWOULDBLOCK", -1, "EAGAIN", null, null)]
    [InlineData("write(3, ..., 9) = 9", -1, "ECONNRESET", "write() = 9", "it returned -1 ECONNRESET")]
    [InlineData("fcntl(3, F_GETFL) = 0x802 (flags O_RDWR|O_NONBLOCK)", 0x802, null, null, null)]
    [InlineData("fcntl(3, F_GETFL) = O_RDWR|O_NONBLOCK", 0x802, null, null, null)]
    [InlineData("close(3) = ...", 17, null, null, null)]
    public void Results(string call, int value, string? errno, string? expected, string? came)
    {
        ScriptOutcome outcome = new FakeStack { OnCall = (_, _) => new SocketResult(value, errno) }.Play($"0 {call}\n");
        if (expected is null) Assert.IsType<ScriptOutcome.Passed>(outcome);
        else Assert.Equal((expected, came), (((ScriptOutcome.Failed)outcome).Expected, ((ScriptOutcome.Failed)outcome).Came));
    }

    [Fact]
    public void Arguments_are_read()
    {
        Assert.Equal((4, true, true),
            Read<SocketOpenCall>("socket(..., SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_TCP) = 4", c => (c.Descriptor, c.Stream, c.NonBlocking)));
        Assert.Equal("192.168.0.1:8080", Read<BindCall>("bind(3, ..., ...) = 0", c => c.EndPoint!.ToString()));
        Assert.Equal("192.0.2.1:8080", Read<ConnectCall>("connect(3, ..., ...) = 0", c => c.EndPoint!.ToString()));
        Assert.Equal("10.0.0.9:99", Read<ConnectCall>(
            "connect(3, {sa_family = AF_INET, sin_port = htons(99), sin_addr = inet_addr(\"10.0.0.9\")}, 16) = 0",
            c => c.EndPoint!.ToString()));
        Assert.Null(Read<ConnectCall>("connect(3, {sa_family = AF_UNSPEC}, 16) = 0", c => c.EndPoint));
        Assert.Equal((100, MessageFlags.More | MessageFlags.DontWait),
            Read<SendCall>("send(3, ..., 100, MSG_MORE|MSG_DONTWAIT) = 100", c => (c.Length, c.Flags)));
        Assert.Equal(300, Read<SendCall>("writev(3, [{..., 100}, {..., 200}], 2) = 300", c => c.Length));
        Assert.Equal(700,
            Read<ReceiveCall>("recvmsg(3, {msg_name(...)=..., msg_iov(1)=[{..., 700}], msg_flags=0}, 0) = 700", c => c.Length));
        Assert.Equal(("SOL_SOCKET", "SO_LINGER", 1L, 5L), Read<SetOptionCall>(
            "setsockopt(3, SOL_SOCKET, SO_LINGER, {onoff=1, linger=5}, 8) = 0", c => (c.Level, c.Name, c.Value, c.Linger)));
        Assert.Equal("reno", Read<SetOptionCall>("setsockopt(3, SOL_TCP, TCP_CONGESTION, [\"reno\"], 4) = 0", c => c.Text));
        Assert.Equal(9L, Read<SetOptionCall>("setsockopt(3, SOL_TCP, TCP_NODELAY, [9], 4) = 0", c => c.Value));
        Assert.Equal((true, 2),
            Read<FileControlCall>("fcntl(2, F_SETFL, O_RDWR|O_NONBLOCK) = 0", c => (c.NonBlocking == true, c.Descriptor)));
        Assert.Equal(Duration.FromMilliseconds(50), Read<PollCall>("poll([{fd=4, events=POLLIN, revents=0}], 1, 50) = 0", c => c.Timeout));
        Assert.Null(Read<PollCall>("poll([{fd=4, events=POLLIN, revents=0}], 1, -1) = 0", c => c.Timeout));
    }

    [Theory]
    [InlineData("getsockopt(3, SOL_TCP, TCP_NODELAY, [1], [4]) = 0", "getsockopt() to give TCP_NODELAY = 1", "it gave 0")]
    [InlineData("getsockopt(3, SOL_TCP, TCP_CONGESTION, [\"cubic\"], [8]) = 0", "TCP_CONGESTION = \"cubic\"", "it is \"reno\"")]
    [InlineData("getsockopt(3, SOL_SOCKET, SO_LINGER, {onoff=0, linger=7}, [8]) = 0", "getsockopt() to give linger = 7", "it gave 5")]
    [InlineData("ioctl(3, SIOCINQ, [9]) = 0", "ioctl() to give SIOCINQ = 9", "it gave 4")]
    [InlineData("poll([{fd=4, events=POLLIN, revents=POLLIN}], 1, 0) = 0", "revents 0x1 of 4", "they are 0x10")]
    [InlineData("recv(3, ..., 9, 0) = 0", "recv() to give zeros", "it gave other octets")]
    [InlineData("recvmsg(3, {msg_iov(1)=[{..., 7}], msg_flags=MSG_TRUNC}, 0) = 0", "recvmsg() to give msg_flags = 32", "it gave 0")]
    [InlineData("getpeername(3, {sa_family=AF_INET, sin_port=htons(1), sin_addr=inet_addr(\"192.0.2.1\")}, [16]) = 0",
        "getpeername() to give port 1",
        "it gave 192.0.2.1:77")]
    public void What_it_stores_is_compared(string call, string expected, string came)
    {
        ScriptOutcome.Failed failed = new FakeStack { OnCall = Fill }.Fails($"0 {call}\n");
        Assert.Equal((expected, came), (failed.Expected, failed.Came));
    }

    [Theory]
    [InlineData("getsockopt(3, SOL_TCP, TCP_NODELAY, [0], [4]) = 0")]
    [InlineData("getsockopt(3, SOL_TCP, TCP_NODELAY, ..., ...) = 0")]
    [InlineData("ioctl(3, SIOCINQ, [4]) = 0")]
    [InlineData("poll([{fd=4, events=POLLIN, revents=POLLHUP}], 1, 0) = 0")]
    [InlineData("getpeername(3, {sa_family=AF_INET, sin_port=htons(77), sin_addr=inet_addr(\"192.0.2.1\")}, [16]) = 0")]
    public void What_it_stores_may_be_right(string call) => new FakeStack { OnCall = Fill }.Passes($"0 {call}\n");

    [Theory]
    [InlineData(0.3, null)]
    [InlineData(0.265, null)] // 12.5 % of 0.3 s
    [InlineData(0.335, null)]
    [InlineData(0.25, "it returned 0 0.05 s too early")]
    [InlineData(0.4, "it still blocks")]
    public void A_call_that_blocks_returns_when_the_script_says(double returns, string? came)
    {
        var stack = new FakeStack
        {
            OnCall = (call, now) => call is AcceptCall && now < Duration.FromSeconds(returns) ? SocketResult.Pending : new(0),
        };
        // Something must happen for it to return at all.
        stack.Sends(returns, ". 1:1(0) ack 1 win 1");
        const string Script = "0...0.3 accept(3, ..., ...) = 0\n+.1 < S 0:0(0) win 1\n+0.4 > . 0:0(0) ack 1 win 1\n";
        ScriptOutcome outcome = stack.Play(Script, new RunnerOptions { AllowLeftovers = true });
        string? problem = (outcome as ScriptOutcome.Failed) is { Line: 1 } failed ? failed.Came : null;
        Assert.Equal(came, problem);
    }

    [Fact]
    public void One_that_returns_at_once_is_asked_once()
    {
        int asked = 0;
        var stack = new FakeStack { OnCall = (_, _) => new SocketResult(++asked) };
        ScriptOutcome.Failed failed = stack.Fails("0...0.3 read(3, ..., 9) = 9\n");
        Assert.Equal(("it returned 1 0.3 s too early", 1), (failed.Came, asked));
    }

    [Fact]
    public void A_call_without_an_end_may_not_block()
    {
        ScriptOutcome.Failed failed = new FakeStack { OnCall = (_, _) => SocketResult.Pending }.Fails("0.5 read(3, ..., 9) = 9\n");
        Assert.Equal("read() to return at once", failed.Expected);
        Assert.Equal("it blocks; a call that is to block has an end in its time (0.1...0.3)", failed.Came);
    }

    [Fact]
    public void A_poll_is_asked_again_when_its_time_is_over() => new FakeStack
    {
        OnCall = (call, now) =>
            call is PollCall poll && now < Duration.FromSeconds(1) + poll.Timeout!.Value ? SocketResult.Pending : new(0),
    }.Passes("1...1.05 poll([{fd=4, events=POLLIN, revents=0}], 1, 50) = 0\n");

    [Fact]
    public void The_result_of_a_call_that_blocked_is_compared()
    {
        var stack = new FakeStack
        {
            OnCall = (_, now) => now < Duration.FromSeconds(0.3) ? SocketResult.Pending : SocketResult.Error("EAGAIN"),
        };
        ScriptOutcome.Failed failed = stack.Sends(0.3, ". 1:1(0) ack 1 win 1").Fails("0...0.3 read(3, ..., 9) = 9\n");
        Assert.Equal((1, "read() = 9", "it returned -1 EAGAIN"), (failed.Line, failed.Expected, failed.Came));
    }

    [Theory]
    [InlineData("splice(3, 4) = 0", "there is no call splice()")]
    [InlineData("socket(..., SOCK_STREAM, IPPROTO_MPTCP) = 3", "a socket of protocol 262 is not known")]
    [InlineData("socket(..., SOCK_RAW, 0) = 3", "a socket of type 3 is not known")]
    [InlineData("send(3, ..., 9, MSG_FOO) = 9", "the constant MSG_FOO is not known")]
    [InlineData("fcntl(3, F_DUPFD, 0) = 9", "fcntl's F_DUPFD is not known here")]
    [InlineData("listen(3) = 0", "listen() has 1 arguments, and number 2 is needed")]
    public void What_is_not_known_skips_the_script(string call, string reason)
    {
        var skipped = Assert.IsType<ScriptOutcome.Skipped>(new FakeStack().Play($"\n0 {call}\n"));
        Assert.Equal((2, reason), (skipped.Line, skipped.Reason));
    }

    [Fact]
    public void A_line_whose_time_has_passed_fails()
    {
        var stack = new FakeStack
        {
            OnCall = (call, now) => call is ReceiveCall && now < Duration.FromSeconds(1) ? SocketResult.Pending : new(0),
        };
        ScriptOutcome.Failed failed = stack.Sends(1, ". 1:1(0) ack 1 win 1").Fails("0...1 read(3, ..., 9) = 0\n0.5 close(3) = 0\n");
        Assert.Equal((2, "to run at 0.5 s", "the lines before it took until 1 s"), (failed.Line, failed.Expected, failed.Came));
    }

    private static SocketResult Fill(SocketCall call, Duration now)
    {
        switch (call)
        {
            case GetOptionCall option:
                option.Text = "reno";
                option.Linger = 5;
                break;
            case IoControlCall control:
                control.Answer = 4;
                break;
            case PollCall poll:
                poll.Entries[0].Returned = 0x10;
                break;
            case ReceiveCall receive:
                receive.Data = receive.Length == 9 ? [0, 1] : [];
                break;
            case NameCall name:
                name.Answer = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 77);
                break;
        }
        return new SocketResult(0);
    }

    private static T Read<TCall, T>(string call, Func<TCall, T> read)
        where TCall : SocketCall
    {
        var e = (CallEvent)ScriptParser.Parse("x.pkt", $"0 {call}\n", new Dictionary<string, string>()).Events[0];
        return read(Assert.IsType<TCall>(new CallReader(Wire.Addresses, freeBsd: false).Read(e)));
    }

    private static object? Read<TCall>(string call, Func<TCall, object?> read)
        where TCall : SocketCall => Read<TCall, object?>(call, read);
}
