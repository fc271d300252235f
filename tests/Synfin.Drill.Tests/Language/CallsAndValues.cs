using Synfin.Drill.Language;

namespace Synfin.Drill.Tests.Language;

/// <summary>Calls with their results, and every form of a value.</summary>
public sealed class CallsAndValues
{
    [Theory]
    [InlineData("+0 close(3) = 0", "Integer { Value = 0 }", null, null)]
    [InlineData("+0 close(3) = -1 EBADF (Bad file descriptor)", "Integer { Value = -1 }", "EBADF", "Bad file descriptor")]
    [InlineData("+0 connect(3, ..., ...) = -1 EINPROGRESS", "Integer { Value = -1 }", "EINPROGRESS", null)]
    [InlineData("+0 fcntl(3, F_GETFL) = 0x02 (flags O_RDWR)", "Integer { Value = 2 }", null, "flags O_RDWR")]
    [InlineData("+0 f(3) = 1 (a (nested) note)", "Integer { Value = 1 }", null, "a (nested) note")]
    [InlineData("+0 f(3) = O_RDWR (note)", "Name { Identifier = O_RDWR }", null, "note")]
    [InlineData("+0 f(3) = ...", "Ellipsis { }", null, null)]
    [InlineData("+0 f(3) = *", "Ellipsis { }", null, null)]
    [InlineData("+0 f(3)", "", null, null)]
    public void A_result_may_carry_an_errno_and_a_note(string text, string result, string? errno, string? note)
    {
        CallEvent call = Reading.Call(text);
        Assert.Equal((result, errno, note), ($"{call.Result}", call.Errno, call.Note));
    }

    [Theory]
    [InlineData("= 3\n+0 close(3) = 0")]
    [InlineData("= 3\n.5 close(3) = 0")]
    [InlineData("= 3\n* > . 1:1(0)")]
    [InlineData("= O_RDWR\n+0 > . 1:1(0)")]
    public void The_next_event_is_no_part_of_a_result(string rest) => Assert.Equal(2, Reading.Script($"0 f() {rest}").Events.Count);

    [Theory]
    [InlineData("42", 42)]
    [InlineData("-42", -42)]
    [InlineData("0x1F", 31)]
    [InlineData("0644", 420)]
    [InlineData("1000UL", 1000)]
    [InlineData("0xffffffffffffffff", -1)]
    [InlineData("1 + 2 * 3", 7)]
    [InlineData("(1 + 2) * 3", 9)]
    [InlineData("10 - 2 - 3", 5)]
    [InlineData("7 / 2 % 2", 1)]
    [InlineData("1 << 4 | 1", 17)]
    [InlineData("256 >> 4 & 0x30", 16)]
    [InlineData("5 ^ 1", 4)]
    [InlineData("~0", -1)]
    [InlineData("!5", 0)]
    [InlineData("'a'", 97)]
    [InlineData("(int)5", 5)]
    [InlineData("(const struct sockaddr *)5", 5)]
    [InlineData("(socklen_t)(4)", 4)]
    public void Numbers_are_computed(string text, long value) => Assert.Equal(new ScriptValue.Integer(value), Reading.Value(text));

    [Fact]
    public void Other_values_stay_what_they_are()
    {
        Assert.Equal(new ScriptValue.Name("SOCK_STREAM"), Reading.Value("SOCK_STREAM"));
        Assert.Equal(new ScriptValue.Real(0.5), Reading.Value(".5"));
        Assert.Equal(new ScriptValue.Real(-1.5), Reading.Value("-1.5"));
        Assert.Equal(new ScriptValue.Ellipsis(), Reading.Value("..."));
        Assert.Equal(new ScriptValue.Text("GET /\r\n\0A\\\""), Reading.Value("""  "GET /" "\r\n" "\0\x41\\\""  """));
        var size = Assert.IsType<ScriptValue.Call>(Reading.Value("sizeof(struct sockaddr_in)"));
        Assert.Equal([new ScriptValue.Name("struct sockaddr_in")], size.Arguments);
        var flags = new ScriptValue.Operation("|", new ScriptValue.Name("O_RDWR"), new ScriptValue.Name("O_NONBLOCK"));
        Assert.Equal(flags, Reading.Value("O_RDWR|O_NONBLOCK"));
        Assert.Equal(new ScriptValue.Operation("~", new ScriptValue.Name("X"), null), Reading.Value("~X"));
    }

    [Fact]
    public void Structures_have_fields_with_names_or_without()
    {
        var address = Assert.IsType<ScriptValue.Struct>(
            Reading.Value("""{sa_family = AF_INET, sin_port = htons(8080), sin_addr = inet_addr("192.0.2.1")}"""));
        Assert.Equal(["sa_family", "sin_port", "sin_addr"], address.Fields.Select(f => f.Name));
        var port = Assert.IsType<ScriptValue.Call>(address.Fields[1].Value);
        Assert.Equal(("htons", new ScriptValue.Integer(8080)), (port.Function, port.Arguments[0]));

        var message = Assert.IsType<ScriptValue.Struct>(
            Reading.Value("{msg_name(...)=..., msg_iov(2)=[{..., 1000}, {\"a\", 1}], msg_flags=MSG_EOR,}"));
        Assert.Equal(["msg_name", "msg_iov", "msg_flags"], message.Fields.Select(f => f.Name));
        var vectors = Assert.IsType<ScriptValue.List>(message.Fields[1].Value);
        Assert.Equal([null, null], Assert.IsType<ScriptValue.Struct>(vectors.Items[0]).Fields.Select(f => f.Name));

        var linger = Assert.IsType<ScriptValue.Struct>(Reading.Value("{.onoff=1, LINGER=0}"));
        Assert.Equal(["onoff", "linger"], linger.Fields.Select(f => f.Name));
        var poll = Assert.IsType<ScriptValue.List>(Reading.Value("[{fd=4, events=POLLIN|POLLOUT, revents=POLLIN}]"));
        Assert.Single(poll.Items);
    }

    [Fact]
    public void A_call_that_nobody_makes_is_read_like_any_other()
    {
        Assert.Equal("epoll_ctl", Reading.Call("+0 epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN, ptr=4}) = 0").Name);
        Assert.Equal("SYSCALL", Reading.Call("+0 SYSCALL(...) = ...").Name);
        Assert.Empty(Reading.Call("+0 f() = 0").Arguments);
    }
}
