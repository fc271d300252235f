using Synfin.Simulation.Packets;
using Synfin.Wire;

namespace Synfin.Simulation.Tests;

public sealed class RawSegmentTests
{
    [Theory]
    [InlineData("10.0.0.1", "10.0.0.2", 20)]
    [InlineData("fd00::1", "fd00::2", 40)]
    public void A_packet_is_built_with_right_checksums(string from, string to, int header)
    {
        byte[] packet = new RawSegment
        {
            Source = InternetAddress.Parse(from),
            SourcePort = 1025,
            Destination = InternetAddress.Parse(to),
            DestinationPort = 80,
            Seq = new(7),
            Ack = new(9),
            Flags = TcpFlags.Psh | TcpFlags.Ack,
            Wnd = 1000,
            Text = new byte[] { 1, 2, 3 },
        }.Build();
        Assert.Equal(header + 20 + 3, packet.Length);
        Assert.True(PacketView.TryParse(packet, out PacketView view));
        Assert.True(view.IsTcp);
        Assert.True(Checksums.IsTcpRight(in view));
        Assert.Equal((7u, 9u, TcpFlags.Psh | TcpFlags.Ack), (view.Seq.Value, view.Ack.Value, view.Flags));
        Assert.Equal([1, 2, 3], view.Text.ToArray());
    }

    [Fact]
    public void Options_are_written()
    {
        TcpOptions options = default;
        options.SetMaximumSegmentSize(1460);
        options.SetWindowScale(7);
        byte[] packet = (RawSegment.From(Tuple()) with { Flags = TcpFlags.Syn, Options = options }).Build();
        Segment segment = default;
        Assert.Equal(WireError.None, TcpHeader.TryParse(packet.AsSpan(20), ref segment));
        Assert.Equal((1460, 7), (segment.Options.MaximumSegmentSize, segment.Options.WindowScale));
    }

    [Fact]
    public void Mixed_families_are_refused()
    {
        FourTuple mixed = Tuple() with { RemoteAddress = InternetAddress.Parse("fd00::2") };
        Assert.Throws<ArgumentException>(() => RawSegment.From(mixed).Build());
    }

    private static FourTuple Tuple() => new(InternetAddress.FromIpv4(10, 0, 0, 1), 1, InternetAddress.FromIpv4(10, 0, 0, 2), 2);
}
