using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Simulation.Tests;

/// <summary>Two hosts without a TCP, so that links, rules and middleboxes can be seen at work alone.</summary>
internal sealed class RawPair
{
    public const ushort PortA = 1025;
    public const ushort PortB = 80;

    public RawPair(SimulatedLinkOptions? link = null, ulong seed = 1, SimulationOptions? options = null)
    {
        Net = new SimulatedNetwork((options ?? new SimulationOptions()) with { Seed = seed });
        A = Net.AddRawHost("a");
        B = Net.AddRawHost("b");
        Link = Net.Connect(A, B, link);
    }

    public SimulatedNetwork Net { get; }

    public RawHost A { get; }

    public RawHost B { get; }

    public SimulatedLink Link { get; }

    /// <summary>Sends from a to b.</summary>
    public void FromA(TcpFlags flags, uint seq = 0, uint ack = 0, int length = 0, TcpOptions options = default) =>
        A.Send(Segment(A, PortA, B, PortB, flags, seq, ack, length, options));

    /// <summary>Sends from b to a.</summary>
    public void FromB(TcpFlags flags, uint seq = 0, uint ack = 0, int length = 0, TcpOptions options = default) =>
        B.Send(Segment(B, PortB, A, PortA, flags, seq, ack, length, options));

    /// <summary>The three segments of a handshake; a's ISN is 100, b's is 500.</summary>
    public void Handshake()
    {
        FromA(TcpFlags.Syn, 100);
        FromB(TcpFlags.Syn | TcpFlags.Ack, 500, 101);
        FromA(TcpFlags.Ack, 101, 501);
    }

    /// <summary>When packets arrived at b, in milliseconds.</summary>
    public double[] ArrivalsAtB() => [.. B.Inbox.Select(record => record.Time.Nanoseconds / 1e6)];

    /// <summary>What arrived at a host: for example <c>A 101+10</c>, flags, sequence number and length of the text.</summary>
    public static string[] Told(RawHost host) => [.. host.Inbox.Select(record => Tell(record.Packet))];

    public static string Tell(SimulatedPacket packet)
    {
        Assert.True(Packets.PacketView.TryParse(packet.Octets.Span, out Packets.PacketView view));
        string flags = "";
        if (view.Has(TcpFlags.Syn)) flags += "S";
        if (view.Has(TcpFlags.Fin)) flags += "F";
        if (view.Has(TcpFlags.Rst)) flags += "R";
        if (view.Has(TcpFlags.Psh)) flags += "P";
        if (view.Has(TcpFlags.Ack)) flags += "A";
        return $"{flags} {view.Seq.Value}+{view.Text.Length}";
    }

    /// <summary>Whether the TCP checksum of a packet is right.</summary>
    public static bool IsIntact(SimulatedPacket packet) =>
        Packets.PacketView.TryParse(packet.Octets.Span, out Packets.PacketView view) && view.IsTcp && Packets.Checksums.IsTcpRight(in view);

    private static byte[] Segment(
        RawHost from, ushort fromPort, RawHost to, ushort toPort, TcpFlags flags, uint seq, uint ack, int length, TcpOptions options)
    {
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++) text[i] = (byte)(seq + i);
        FourTuple tuple = new(from.Address, fromPort, to.Address, toPort);
        return (RawSegment.From(tuple) with
        {
            Flags = flags,
            Seq = new(seq),
            Ack = new(ack),
            Text = text,
            Options = options,
        }).Build();
    }
}
