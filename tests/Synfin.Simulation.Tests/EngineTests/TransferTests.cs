using Synfin.Simulation.PathElements;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Simulation.Tests.EngineTests;

public sealed class TransferTests : EngineTest
{
    private const int Length = 300_000;

    [Fact]
    public void A_perfect_link_brings_every_octet() => Exchange(SimulatedNetwork.TwoHosts(), Length);

    [Fact]
    public void A_rate_bounds_the_time_of_a_transfer_from_below()
    {
        SimulatedNetwork net = SimulatedNetwork.TwoHosts(1, TenMilliseconds with { BitsPerSecond = 10_000_000 });
        byte[] text = TextOf(1_000_000);
        Task<byte[]> served = Serve(net);
        Upload(net, text);
        Assert.Equal(text, net.RunUntilComplete(served));
        // 8 Mbit at 10 Mbit/s are 0.8 s, and headers take a little.
        Assert.InRange(net.Now.Seconds, 0.8, 1.5);
        net.RunUntilIdle();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Loss_reordering_duplication_and_damage_cost_time_and_no_octet(ulong seed) => Exchange(
        SimulatedNetwork.TwoHosts(seed, TenMilliseconds with
        {
            BitsPerSecond = 20_000_000,
            Jitter = Duration.FromMilliseconds(2),
            Loss = 0.02,
            Duplicate = 0.02,
            Reorder = 0.02,
            Corrupt = 0.02,
        }),
        Length);

    [Fact]
    public void A_short_queue_loses_and_the_transfer_ends_all_the_same() =>
        Exchange(SimulatedNetwork.TwoHosts(1, TenMilliseconds with { BitsPerSecond = 5_000_000, QueuePackets = 8 }), Length);

    [Fact]
    public void Super_segments_pass_whole()
    {
        SimulatedNetwork net = SimulatedNetwork.TwoHosts(
            new SimulationOptions { RecordPackets = true }, TenMilliseconds with { Offloads = true });
        Exchange(net, Length);
        Assert.Contains(net.Packets, record => record.Packet.WireSegments > 1);
    }

    [Fact]
    public void Super_segments_survive_damage() =>
        Exchange(SimulatedNetwork.TwoHosts(1, TenMilliseconds with { Offloads = true, Corrupt = 0.05, Loss = 0.02 }), Length);

    [Fact]
    public void IPv6_carries_it_too()
    {
        SimulatedNetwork net = new();
        SimulatedHost a = net.AddHost("a", addresses: InternetAddress.Parse("fd00::a"));
        net.Connect(a, net.AddHost("b", addresses: InternetAddress.Parse("fd00::b")));
        Exchange(net, Length);
    }

    [Fact]
    public void Hosts_meet_at_a_switch()
    {
        SimulatedNetwork net = new();
        SimulatedSwitch hub = net.AddSwitch("hub");
        net.Connect(net.AddHost("a"), hub, TenMilliseconds);
        net.Connect(net.AddHost("b"), hub, TenMilliseconds);
        Exchange(net, Length);
    }

    [Theory]
    [InlineData(576)]
    [InlineData(1400)]
    [InlineData(9000)]
    public void A_host_sends_what_fits_its_link(int mtu)
    {
        SimulatedNetwork net = SimulatedNetwork.TwoHosts(1, TenMilliseconds with { Mtu = mtu });
        Exchange(net, Length);
        Assert.Equal(0, net.Links[0].Forward.TooLarge);
        Assert.InRange(net.Links[0].Forward.OctetsDelivered / net.Links[0].Forward.Delivered, mtu * 8 / 10, mtu);
    }

    [Fact]
    [Trait("Rfc", "1191 6.3")]
    public void A_narrow_link_behind_a_switch_is_discovered()
    {
        SimulatedNetwork net = new();
        SimulatedSwitch hub = net.AddSwitch("hub");
        net.Connect(net.AddHost("a"), hub, TenMilliseconds);
        SimulatedLink narrow = net.Connect(hub, net.AddHost("b"), TenMilliseconds with { Mtu = 1000 });
        // b announces its own MSS, so that only a link that shrinks later makes a send what does not fit.
        narrow.Reconfigure(TenMilliseconds);
        net.At(new Timestamp(100_000_000), () => narrow.Reconfigure(TenMilliseconds with { Mtu = 1000 }));
        Exchange(net, 3_000_000);
        Assert.InRange(narrow.Forward.TooLarge, 1, 200);
    }

    public static TheoryData<string> Middleboxes => ["no options", "no window scale back", "clamp", "thin", "split", "join", "twice"];

    [Theory]
    [MemberData(nameof(Middleboxes))]
    public void Middleboxes_do_no_harm(string box)
    {
        SimulatedNetwork net = SimulatedNetwork.TwoHosts(1, TenMilliseconds);
        SimulatedLink link = net.Links[0];
        const TcpOptionKinds AllKinds = (TcpOptionKinds)0x1FF;
        if (box == "no options") link.AddElement(new OptionStripper(AllKinds));
        if (box == "no window scale back") link.AddElement(new OptionStripper(TcpOptionKinds.WindowScale), LinkDirections.Backward);
        if (box == "clamp") link.AddElement(new MssClamp(536));
        if (box == "thin") link.AddElement(new AckThinner(oneOf: 4), LinkDirections.Backward);
        if (box == "split") link.AddElement(new SegmentSplitter());
        if (box == "join") link.AddElement(new SegmentJoiner(), LinkDirections.Forward);
        if (box == "twice") link.AddElement(new SynAckDuplicator(Duration.FromMilliseconds(1)));
        Exchange(net, Length);
    }
}
