using Synfin.Simulation.PathElements;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Simulation.Tests.PathElements;

public sealed class PathElementTests
{
    [Theory]
    [InlineData(TcpOptionKinds.MaximumSegmentSize)]
    [InlineData(TcpOptionKinds.WindowScale)]
    [InlineData(TcpOptionKinds.Timestamps)]
    [InlineData(TcpOptionKinds.SackPermitted)]
    [InlineData(TcpOptionKinds.WindowScale | TcpOptionKinds.Timestamps)]
    public void A_stripper_takes_its_options_and_leaves_the_others(TcpOptionKinds stripped)
    {
        RawPair pair = new();
        pair.Link.AddElement(new OptionStripper(stripped));
        TcpOptions options = AllOfASyn();
        pair.FromA(TcpFlags.Syn, 100, options: options);
        pair.Net.RunUntilIdle();
        Assert.Equal(options.Present & ~stripped, OptionsAt(pair.B).Present);
        Assert.True(RawPair.IsIntact(pair.B.Inbox[0].Packet));
    }

    [Fact]
    public void A_stripper_on_one_side_leaves_the_other()
    {
        RawPair pair = new();
        OptionStripper stripper = new(TcpOptionKinds.WindowScale, onlySyn: true);
        pair.Link.AddElement(stripper, LinkDirections.Backward);
        pair.FromA(TcpFlags.Syn, 100, options: AllOfASyn());
        pair.FromB(TcpFlags.Syn | TcpFlags.Ack, 500, 101, options: AllOfASyn());
        pair.Net.RunUntilIdle();
        Assert.True(OptionsAt(pair.B).Has(TcpOptionKinds.WindowScale));
        Assert.False(OptionsAt(pair.A).Has(TcpOptionKinds.WindowScale));
        Assert.Equal(1, stripper.Altered);
    }

    [Theory]
    [InlineData(1460, 1400)]
    [InlineData(1300, 1300)]
    public void A_clamp_lowers_the_MSS_and_never_raises_it(int asked, int got)
    {
        RawPair pair = new();
        pair.Link.AddElement(new MssClamp(1400));
        TcpOptions options = default;
        options.SetMaximumSegmentSize(asked);
        pair.FromA(TcpFlags.Syn, 100, options: options);
        pair.Net.RunUntilIdle();
        Assert.Equal(got, OptionsAt(pair.B).MaximumSegmentSize);
        Assert.True(RawPair.IsIntact(pair.B.Inbox[0].Packet));
    }

    [Fact]
    public void Damage_passes_a_middlebox_unmended()
    {
        RawPair pair = new();
        pair.Net.AddRule("corrupt every segment");
        pair.Link.AddElement(new MssClamp(500));
        pair.Link.AddElement(new SegmentSplitter());
        pair.FromA(TcpFlags.Syn, 100, options: AllOfASyn());
        pair.FromA(TcpFlags.Ack, 101, length: 100);
        pair.Net.RunUntilIdle();
        Assert.Equal(2, pair.B.Inbox.Count);
        Assert.DoesNotContain(pair.B.Inbox, record => RawPair.IsIntact(record.Packet));
    }

    [Fact]
    public void A_splitter_cuts_data_and_leaves_PSH_and_FIN_to_the_last()
    {
        RawPair pair = new();
        pair.Link.AddElement(new SegmentSplitter());
        pair.FromA(TcpFlags.Fin | TcpFlags.Psh | TcpFlags.Ack, 100, length: 11);
        pair.FromA(TcpFlags.Ack, 112);
        pair.Net.RunUntilIdle();
        Assert.Equal(["A 100+5", "FPA 105+6", "A 112+0"], RawPair.Told(pair.B));
        Assert.All(pair.B.Inbox, record => Assert.True(RawPair.IsIntact(record.Packet)));
        Assert.Equal(105, pair.B.Inbox[1].Packet.Octets.Span[40]);
    }

    [Fact]
    public void A_joiner_makes_one_of_two_that_are_contiguous()
    {
        RawPair pair = new();
        pair.Link.AddElement(new SegmentJoiner());
        pair.FromA(TcpFlags.Ack, 100, length: 10);
        pair.FromA(TcpFlags.Fin | TcpFlags.Ack, 110, length: 10);
        pair.Net.RunUntilIdle();
        Assert.Equal(["FA 100+20"], RawPair.Told(pair.B));
        Assert.True(RawPair.IsIntact(pair.B.Inbox[0].Packet));
        Assert.Equal(Enumerable.Range(100, 20).Select(i => (byte)i), pair.B.Inbox[0].Packet.Octets.ToArray()[40..]);
    }

    [Fact]
    public void A_joiner_lets_go_what_does_not_fit_and_what_waited_in_vain()
    {
        RawPair pair = new(new SimulatedLinkOptions { Mtu = 576 });
        pair.Link.AddElement(new SegmentJoiner(Duration.FromMilliseconds(2)));
        pair.FromA(TcpFlags.Ack, 100, length: 300);
        pair.FromA(TcpFlags.Ack, 400, length: 300);
        pair.Net.RunUntilIdle();
        Assert.Equal(["A 100+300", "A 400+300"], RawPair.Told(pair.B));
        Assert.Equal([0.0, 2.0], pair.ArrivalsAtB());
    }

    [Fact]
    public void A_thinner_lets_one_of_three_through_and_keeps_the_newest()
    {
        RawPair pair = new();
        AckThinner thinner = new(oneOf: 3);
        pair.Link.AddElement(thinner, LinkDirections.Forward);
        for (uint ack = 1; ack <= 7; ack++) pair.FromA(TcpFlags.Ack, 100, ack);
        pair.Net.RunUntilIdle();
        // 1 and 2 go for 3, 4 and 5 for 6, and 7 goes by its timer.
        Assert.Equal([0.0, 0.0, 5.0], pair.ArrivalsAtB());
        Assert.Equal(4, thinner.Swallowed);
    }

    [Fact]
    public void A_thinner_keeps_duplicate_ACKs_and_order()
    {
        RawPair pair = new();
        pair.Link.AddElement(new AckThinner(oneOf: 10), LinkDirections.Forward);
        for (int i = 0; i < 4; i++) pair.FromA(TcpFlags.Ack, 100, 1);
        pair.FromA(TcpFlags.Ack, 100, 1, length: 5);
        pair.Net.RunUntilIdle();
        Assert.Equal(["A 100+0", "A 100+0", "A 100+0", "A 100+0", "A 100+5"], RawPair.Told(pair.B));
    }

    [Fact]
    public void A_duplicator_sends_SYN_ACK_twice_and_nothing_else()
    {
        RawPair pair = new();
        pair.Link.AddElement(new SynAckDuplicator(Duration.FromMilliseconds(4)));
        pair.Handshake();
        pair.Net.RunUntilIdle();
        Assert.Equal(["SA 500+0", "SA 500+0"], RawPair.Told(pair.A));
        Assert.Equal(2, pair.B.Inbox.Count);
    }

    [Fact]
    public void Middleboxes_stand_in_a_row()
    {
        RawPair pair = new();
        pair.Link.AddElement(new SegmentSplitter());
        pair.Link.AddElement(new SegmentSplitter());
        pair.FromA(TcpFlags.Ack, 100, length: 8);
        pair.Net.RunUntilIdle();
        Assert.Equal(["A 100+2", "A 102+2", "A 104+2", "A 106+2"], RawPair.Told(pair.B));
    }

    private static TcpOptions AllOfASyn()
    {
        TcpOptions options = default;
        options.SetMaximumSegmentSize(1460);
        options.SetWindowScale(7);
        options.SetTimestamps(1, 2);
        options.Present |= TcpOptionKinds.SackPermitted;
        return options;
    }

    private static TcpOptions OptionsAt(RawHost host)
    {
        Segment segment = default;
        Assert.Equal(WireError.None, TcpHeader.TryParse(host.Inbox[0].Packet.Octets.Span[20..], ref segment));
        return segment.Options;
    }
}
