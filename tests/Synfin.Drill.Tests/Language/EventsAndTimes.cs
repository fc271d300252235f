using Synfin.Drill.Language;
using Synfin.Timers;

namespace Synfin.Drill.Tests.Language;

/// <summary>Each form of a time, each kind of event.</summary>
public sealed class EventsAndTimes
{
    private const string Handshake = """
        // handshake, one request, passive close
        0   socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0  setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0
        +0  bind(3, ..., ...) = 0
        +0  listen(3, 1) = 0
        +0  < S 0:0(0) win 32792 <mss 1460,sackOK,nop,nop,nop,wscale 7>
        +0  > S. 0:0(0) ack 1 <mss 1460,nop,nop,sackOK,nop,wscale 8>
        +.1 < . 1:1(0) ack 1 win 257
        +0  accept(3, ..., ...) = 4
        """;

    public static TheoryData<string, string, long, long> Times => new()
    {
        { "0", "Absolute", 0, 0 },
        { "0.5", "Absolute", 500_000_000, 500_000_000 },
        { ".01", "Absolute", 10_000_000, 10_000_000 },
        { "1.", "Absolute", 1_000_000_000, 1_000_000_000 },
        { "+.1", "Relative", 100_000_000, 100_000_000 },
        { "+ 0", "Relative", 0, 0 },
        { "+0", "Relative", 0, 0 },
        { "+0.000000001", "Relative", 1, 1 },
        { "+0.0000000019", "Relative", 1, 1 },
        { "+3600", "Relative", 3_600_000_000_000, 3_600_000_000_000 },
        { "0.1~0.2", "AbsoluteRange", 100_000_000, 200_000_000 },
        { "0.1 ~ +0.2", "AbsoluteRange", 100_000_000, 300_000_000 },
        { "+.1~+.2", "RelativeRange", 100_000_000, 200_000_000 },
        { "+.1~.2", "RelativeRange", 100_000_000, 200_000_000 },
        { "*", "Any", 0, 0 },
    };

    [Theory]
    [MemberData(nameof(Times))]
    public void A_time_has_many_forms(string written, string kind, long start, long end)
    {
        EventTime expected = new(Enum.Parse<EventTimeKind>(kind), new Duration(start), new Duration(end));
        foreach (string what in (string[])[" close(3) = 0", " > . 1:1(0) ack 1", " `true`", " %{ pass }%"])
            Assert.Equal(expected, Reading.Event(written + what).Time);
    }

    [Theory]
    [InlineData("+0>. 1:1(0) ack 1")]
    [InlineData("+0<. 1:1(0) ack 1")]
    [InlineData("+0close(3)=0")]
    [InlineData("+0`true`")]
    [InlineData("+0%{pass}%")]
    public void No_blank_is_needed_after_a_time(string text) => Assert.Equal(EventTimeKind.Relative, Reading.Event(text).Time.Kind);

    [Theory]
    [InlineData("0.1...0.3", 300, false)]
    [InlineData("0...0.3", 300, false)]
    [InlineData("0.100...0.200", 200, false)]
    [InlineData(".1....3", 300, false)]
    [InlineData("0.1 ... 0.3", 300, false)]
    [InlineData("0.1...+.2", 200, true)]
    [InlineData("+0...0.3", 300, true)]
    [InlineData("+.1...0.3", 200, true)] // both since the event before
    [InlineData("+.1...+0.3", 200, true)]
    public void A_call_that_blocks_has_two_times(string times, int milliseconds, bool isRelative)
    {
        CallEvent call = Reading.Call($"{times} connect(3, ..., ...) = 0");
        Assert.Equal(Duration.FromMilliseconds(milliseconds), call.BlocksUntil);
        Assert.Equal(isRelative, call.BlocksUntilIsRelative);
        Assert.Null(Reading.Call("0.1 connect(3, ..., ...) = 0").BlocksUntil);
    }

    [Fact]
    public void Events_keep_their_order_and_their_lines()
    {
        Script script = Reading.Script(Handshake);
        Assert.Equal([2, 3, 4, 5, 6, 7, 8, 9], script.Events.Select(e => e.Line));
        Assert.Equal(["socket", "setsockopt", "bind", "listen", "accept"], script.Events.OfType<CallEvent>().Select(c => c.Name));
        Assert.Equal([true, false, true], script.Events.OfType<PacketEvent>().Select(p => p.IsInbound));
        Assert.Equal("a.pkt", script.Path);
        Assert.Same(Handshake, script.Text);
    }

    [Fact]
    public void Events_may_span_lines_and_share_one()
    {
        Script script = Reading.Script("""
            +0 < S 0:0(0)
                 win 32792
                 <mss 1460,
                  sackOK>
            +0 write(4, ...,
                1000) = 1000 +0 > P. 1:1001(1000) ack 1 +0 close(4) = 0
            """);
        Assert.Equal([1, 5, 6, 6], script.Events.Select(e => e.Line));
        Assert.Equal("< S 0:0(0) win 32792 <mss 1460, sackOK>", ((PacketEvent)script.Events[0]).Packet.Text);
    }

    [Fact]
    public void Comments_are_blanks_and_lines_keep_their_numbers()
    {
        Script script = Reading.Script("""
            #!/usr/bin/env synfin
            # a comment
            // another "with a quote
            /* over
               several ` lines */ +0 close(3) = 0 // behind
            +0 close(/* within */ 4) = 0 # behind
            """);
        Assert.Equal([5, 6], script.Events.Select(e => e.Line));
        Assert.Equal([new ScriptValue.Integer(4)], ((CallEvent)script.Events[1]).Arguments);
    }

    [Fact]
    public void Commands_and_code_are_kept_as_they_are()
    {
        Script script = Reading.Script("""
            `sysctl -q a=1 # not a comment
            echo "//" > /proc/x`
            +0 %{
            assert a // 2 == 1  # b
            assert "#" != '`'
            }%
            """);
        CommandEvent command = Assert.IsType<CommandEvent>(script.Events[0]);
        Assert.Equal("sysctl -q a=1 # not a comment\necho \"//\" > /proc/x", command.Command);
        Assert.Equal(EventTimeKind.Absolute, command.Time.Kind);
        CodeEvent code = Assert.IsType<CodeEvent>(script.Events[1]);
        Assert.Equal("\nassert a // 2 == 1  # b\nassert \"#\" != '`'\n", code.Code);
        Assert.Equal(3, code.Line);
    }

    [Fact]
    public void A_command_without_a_time_is_due_with_what_stands_before_it()
    {
        Script script = Reading.Script("+1 close(3) = 0\n`true`");
        Assert.Equal(new EventTime(EventTimeKind.Relative, Duration.Zero, Duration.Zero), script.Events[1].Time);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF// nothing\r\n")]
    public void A_script_may_be_empty(string text) => Assert.Empty(Reading.Script(text).Events);
}
