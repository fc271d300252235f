using Synfin.Drill.Running;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Drill.Tests.Running;

/// <summary>
/// Lines that want a packet: the next one of their connection, its time, its fragments, and what is said if it is another.
/// </summary>
public sealed class OutboundPackets
{
    private const string Passive = "0 listen(3, 1) = 0\n+0 < S 0:0(0) win 1000\n";

    [Fact]
    public void The_numbers_of_the_stack_are_whatever_it_chose() => new FakeStack()
        .Sends(0, "S. 4294967290:4294967290(0) ack 1 win 100").Sends(0.1, "P. 4294967291:5(10) ack 1 win 100")
        .Passes(Passive + "+0 > S. 0:0(0) ack 1\n+.1 > P. 1:11(10) ack 1\n");

    [Fact]
    public void What_the_peer_acknowledges_is_in_the_stacks_numbers()
    {
        FakeStack stack = new FakeStack().Sends(0, "S. 1000:1000(0) ack 1 win 100 <nop,nop,TS val 77 ecr 5>");
        stack.Passes(Passive + "+0 > S. 0:0(0) ack 1 <nop,nop,TS val 9 ecr 5>\n"
            + "+0 < . 1:1(0) ack 1 win 5 <nop,nop,sack 3:5,nop,nop,TS val 6 ecr 9>\n");
        string arrived = LivePacket.Read(new CapturedPacket(stack.Arrived[1], default)).ToString();
        Assert.Equal(". 1:1(0) ack 1001 win 5 <nop,nop,sack 1003:1005,nop,nop,TS val 6 ecr 77>", arrived);
    }

    [Fact]
    public void A_packet_that_is_other_is_told_in_the_scripts_numbers()
    {
        ScriptOutcome.Failed failed = new FakeStack().Sends(0, "S. 1000:1000(0) ack 1 win 100").Sends(0.1, "P. 1001:1012(11) ack 1 win 100")
            .Fails(Passive + "+0 > S. 0:0(0) ack 1\n+.1 > P. 1:11(10) ack 1\n");
        Assert.Equal(4, failed.Line);
        Assert.Equal("> P. 1:11(10) ack 1 at 0.1 s", failed.Expected);
        Assert.Equal("P. 1:12(11) ack 1 win 100: 11 octets instead of 10", failed.Came);
        Assert.Equal(Duration.FromSeconds(0.1), failed.When);
        Assert.Equal(["< S 0:0(0) win 1000", "S. 0:0(0) ack 1 win 100", "P. 1:12(11) ack 1 win 100"], failed.Packets.Select(p => p.Text));
    }

    [Theory]
    [InlineData(0.1, null)]
    [InlineData(0.0875, null)]
    [InlineData(0.1125, null)]
    [InlineData(0.087499999, "P. 1:11(10) ack 1 win 100, 0.0125 s too early (the tolerance is 0.0125 s)")]
    [InlineData(0.112500001, "P. 1:11(10) ack 1 win 100, 0.0125 s too late (the tolerance is 0.0125 s)")]
    [InlineData(7, "P. 1:11(10) ack 1 win 100, 6.9 s too late (the tolerance is 0.0125 s)")]
    public void Its_time_is_compared(double time, string? came)
    {
        FakeStack stack = new FakeStack().Sends(0, "S. 0:0(0) ack 1 win 100").Sends(time, "P. 1:11(10) ack 1 win 100");
        string script = Passive + "+0 > S. 0:0(0) ack 1\n+.1 > P. 1:11(10) ack 1\n";
        if (came is null) stack.Passes(script);
        else Assert.Equal(came, stack.Fails(script).Came);
    }

    [Fact]
    public void In_real_time_nobody_waits_for_what_is_late() => Assert.Equal(
        "nothing until 0.1125 s",
        new FakeStack { IsVirtualTime = false }.Sends(0, "S. 0:0(0) ack 1 win 100").Sends(7, "P. 1:11(10) ack 1 win 100")
            .Fails(Passive + "+0 > S. 0:0(0) ack 1\n+.1 > P. 1:11(10) ack 1\n").Came);

    [Fact]
    public void Nothing_may_come_at_all()
    {
        ScriptOutcome.Failed failed = new FakeStack().Fails(Passive + "+0 > S. 0:0(0) ack 1\n");
        Assert.Equal((3, "> S. 0:0(0) ack 1 at 0 s", "nothing until 0.004 s"), (failed.Line, failed.Expected, failed.Came));
    }

    [Fact]
    public void A_packet_at_any_time_is_waited_for() =>
        new FakeStack().Sends(900, "S. 0:0(0) ack 1 win 100").Passes(Passive + "* > S. 0:0(0) ack 1\n");

    [Fact]
    public void Segments_are_joined_until_the_scripted_length() => Connected()
        .Sends(0.1, ". 1:1001(1000) ack 1 win 100").Sends(0.1, ". 1001:2001(1000) ack 1 win 100")
        .Sends(0.1, "FP. 2001:2501(500) ack 1 win 100")
        .Passes(Handshake + "+.1 > FP. 1:2501(2500) ack 1\n");

    [Fact]
    public void Not_so_with_strict_segments()
    {
        FakeStack stack = Connected().Sends(0.1, ". 1:1001(1000) ack 1 win 100").Sends(0.1, "P. 1001:2001(1000) ack 1 win 100");
        string script = "--strict_segments\n" + Handshake + "+.1 > P. 1:2001(2000) ack 1\n";
        Assert.Equal(". 1:1001(1000) ack 1 win 100: flags . instead of P.", stack.Fails(script).Came);
    }

    [Theory]
    [InlineData("P. 1002:2002(1000) ack 1 win 100",
        ". 1:1001(1000) ack 1 win 100, then P. 1002:2002(1000) ack 1 win 100: the rest of it at 1001, not 1002")]
    [InlineData("P. 1001:2001(1000) ack 2 win 100",
        ". 1:1001(1000) ack 1 win 100, then P. 1001:2001(1000) ack 2 win 100: ack 2 in the rest of it")]
    [InlineData("P. 1001:2001(1000) ack 1 win 99",
        ". 1:1001(1000) ack 1 win 100, then P. 1001:2001(1000) ack 1 win 99: win 99 in the rest of it")]
    [InlineData("P. 1001:2001(1000) ack 1 win 100 <nop>", null)]
    [InlineData("P.E 1001:2001(1000) ack 1 win 100",
        ". 1:1001(1000) ack 1 win 100, then P.E 1001:2001(1000) ack 1 win 100: flags P.E in the rest of it")]
    [InlineData("P. 1001:2101(1100) ack 1 win 100", "P. 1:2101(2100) ack 1 win 100: 2100 octets instead of 2000")]
    public void Fragments_agree_in_all_but_SEQ_FIN_PSH_and_CWR(string second, string? came)
    {
        FakeStack stack = Connected().Sends(0.1, ". 1:1001(1000) ack 1 win 100");
        if (came is null)
        {
            second = "P. 1001:2001(1000) ack 1 win 100 <nop,nop,nop,eol>";
            came = ". 1:1001(1000) ack 1 win 100, then P. 1001:2001(1000) ack 1 win 100 <nop,nop,nop,eol>: "
                + "other options <nop,nop,nop,eol> in the rest of it";
        }
        Assert.Equal(came, stack.Sends(0.1, second).Fails(Handshake + "+.1 > P. 1:2001(2000) ack 1\n").Came);
    }

    [Fact]
    public void The_rest_of_it_may_not_come() => Assert.Equal(
        ". 1:1001(1000) ack 1 win 100 and no more until 0.1125 s",
        Connected().Sends(0.1, ". 1:1001(1000) ack 1 win 100").Fails(Handshake + "+.1 > P. 1:2001(2000) ack 1\n").Came);

    [Fact]
    public void A_RST_from_no_connection_has_no_number_of_it() => Connected().Sends(0.1, "R. 0:0(0) ack 7 win 0")
        .Passes(Handshake + "+.1 > R. 0:0(0) ack 7\n");

    [Fact]
    public void What_no_line_wants_is_left_over()
    {
        FakeStack stack = Connected().Sends(0.1, ". 1:1(0) ack 1 win 100").Sends(0.1, "F. 1:1(0) ack 1 win 100");
        ScriptOutcome.Failed failed = stack.Fails(Handshake + "+.1 close(3) = 0\n");
        Assert.Equal((5, "no more packets after the last line", ". 1:1(0) ack 1 win 100 and 1 more"),
            (failed.Line, failed.Expected, failed.Came));
        Assert.Null(failed.Packets[^1].Line);
    }

    [Fact]
    public void Left_over_packets_are_let_pass_if_the_option_says_so_and_it_is_told() => Assert.Equal(
        ["left over at the end: . 1:1(0) ack 1 win 100"],
        Connected().Sends(0.1, ". 1:1(0) ack 1 win 100").Passes(Handshake + "+.1 close(3) = 0\n",
            new RunnerOptions { AllowLeftovers = true }));

    [Fact]
    public void A_leniency_names_its_line() => Assert.Equal(
        ["line 5: PSH is there"],
        Connected().Sends(0.1, "P. 1:11(10) ack 1 win 100")
            .Passes(Handshake + "+.1 > . 1:11(10) ack 1\n", new RunnerOptions { Match = new MatchOptions { LenientPsh = true } }));

    [Fact]
    public void A_wrong_checksum_is_told()
    {
        byte[] packet = Wire.Segment("P. 1:11(10) ack 1 win 100");
        packet[36] ^= 1;
        Assert.Equal("P. 1:11(10) ack 1 win 100: its TCP checksum is wrong",
            Connected().Sends(0.1, packet).Fails(Handshake + "+.1 > P. 1:11(10) ack 1\n").Came);
    }

    [Fact]
    public void Text_that_is_not_zeros_is_told()
    {
        byte[] packet = Wire.Segment("P. 1:11(10) ack 1 win 100");
        packet[42] = 1;
        TcpHeaderWriter.WriteChecksum(packet.AsSpan(IpHeader.Ipv4Length), Wire.Addresses.Local, Wire.Addresses.Remote);
        string came = Connected().Sends(0.1, packet).Fails(Handshake + "+.1 > P. 1:11(10) ack 1\n").Came;
        Assert.Equal("P. 1:11(10) ack 1 win 100: its text is not zeros (octet 2)", came);
    }

    [Fact]
    public void Lines_with_ports_are_about_their_connection() => new FakeStack()
        .Sends(0, "S. 10:10(0) ack 1 win 100", remotePort: 1000).Sends(0, "S. 50:50(0) ack 1 win 100", remotePort: 2000)
        .Sends(0.1, ". 51:51(0) ack 5 win 100", remotePort: 2000).Sends(0.1, ". 11:11(0) ack 9 win 100", remotePort: 1000)
        .Passes("""
            0 listen(3, 2) = 0
            +0 < 1000>8080 S 0:0(0) win 1000
            +0 < 2000>8080 S 0:0(0) win 1000
            +0 > 8080>1000 S. 0:0(0) ack 1
            +0 > 8080>2000 S. 0:0(0) ack 1
            +.1 > 8080>1000 . 1:1(0) ack 9
            +0 > 8080>2000 . 1:1(0) ack 5

            """);

    [Fact]
    public void The_ephemeral_port_of_a_connect_may_be_called_anything_in_the_script()
    {
        FakeStack stack = new FakeStack().Sends(0, "S 900:900(0) win 100", localPort: 33_333, remotePort: 8080);
        stack.Passes("""
            0 connect(3, ..., ...) = 0
            +0 > 5000>8080 S 0:0(0)
            +0 < 8080>5000 S. 0:0(0) ack 1 win 5

            """);
        LivePacket answer = LivePacket.Read(new CapturedPacket(stack.Arrived[0], default));
        Assert.Equal((8080, 33_333), (answer.Tuple.LocalPort, answer.Tuple.RemotePort)); // as read from the other end
    }

    [Fact]
    public void A_packet_of_another_connection_is_no_answer()
    {
        FakeStack stack = new FakeStack().Sends(0, "S. 10:10(0) ack 1 win 100", remotePort: 1000);
        Assert.Equal(
            "nothing until 0.004 s; of another connection there is 8080>1000 S. 0:0(0) ack 1 win 100",
            stack.Fails("0 listen(3, 2) = 0\n+0 < 1000>8080 S 0:0(0) win 9\n"
                + "+0 < 2000>8080 S 0:0(0) win 9\n+0 > 8080>2000 S. 0:0(0) ack 1\n").Came);
    }

    private const string Handshake = Passive + "+0 > S. 0:0(0) ack 1\n+0 < . 1:1(0) ack 1 win 100\n";

    private static FakeStack Connected() => new FakeStack().Sends(0, "S. 0:0(0) ack 1 win 100");
}
