using System.Buffers.Binary;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Wire;

namespace Synfin.Testing;

/// <summary>What time lines of data transfer need beside the plain words.</summary>
public sealed partial class Given
{
    private readonly Queue<Shape> _shapes = new();

    /// <summary>What the link was told of a packet: how it is to be cut.</summary>
    /// <param name="SegmentSize">The most text of a wire segment.</param>
    /// <param name="WireSegments">How many wire segments it stands for.</param>
    public readonly record struct Shape(int SegmentSize, int WireSegments);

    /// <summary>The shape of <see cref="LastSent"/>.</summary>
    public Shape LastShape { get; private set; }

    /// <summary>The text of <see cref="LastSent"/>.</summary>
    public byte[] LastText => SegmentScript.Read(LastSent).Text.ToArray();

    /// <summary>The right edge of the window that <see cref="LastSent"/> offers, counted from the peer's SYN, with our scale
    /// applied.</summary>
    public int LastEdge
    {
        get
        {
            Segment seg = SegmentScript.Read(LastSent);
            return seg.Ack - PeerIsn + (seg.Wnd << Connection.Status().ReceiveWindowScale);
        }
    }

    /// <summary>Packets dropped for a reason.</summary>
    public long Dropped(DropReason reason) => Stack.Counters.Dropped[(int)reason];

    /// <summary>Full segments go out, one after the other, from a relative sequence number on; PSH is not compared.</summary>
    public Given SendsFull(int seq, int count, int size = 1460)
    {
        for (int i = 0; i < count; i++)
        {
            if (!_sent.TryPeek(out byte[]? packet))
                throw new InvalidOperationException($"expected segment {i + 1} of {count} at {Now}, but nothing was sent");
            string flags = SegmentScript.Read(packet).Has(TcpFlags.Psh) ? "P." : ".";
            Sends($"{flags} seq {seq + i * size} len {size}");
        }
        return this;
    }

    /// <summary>The next packet that was sent, whatever it is: its relative sequence number and how many numbers it takes.</summary>
    public (int Seq, int Length) Next()
    {
        LastSent = _sent.Dequeue();
        LastShape = _shapes.Dequeue();
        Segment seg = SegmentScript.Read(LastSent);
        return (seg.Seq - OurIsn, seg.Len);
    }

    /// <summary>A super-segment arrives: several wire segments that the link joined.</summary>
    public Given ReceivesJoined(string segment, int wireSegments)
    {
        Stack.Input(SegmentScript.Build(segment, this), new ReceiveMetadata(ChecksumVerified: true, wireSegments), Now);
        return Turn();
    }

    /// <summary>The application writes, and only so many octets are taken.</summary>
    public Given WritesPart(int octets, int taken)
    {
        TcpError error = Connection.Send(new byte[octets], Now, out int sent);
        bool expected = sent == taken && (error is TcpError.None || taken == 0);
        if (!expected) throw new InvalidOperationException($"{sent} of {octets} octets were taken, {error}");
        _written += sent;
        return Turn();
    }

    /// <summary>A write finds no room.</summary>
    public Given WriteBlocks()
    {
        TcpError error = Connection.Send(new byte[1], Now, out int sent);
        if (error is not TcpError.WouldBlock || sent !=
            0) throw new InvalidOperationException($"expected WouldBlock, got {error}, {sent} octets");
        return Turn();
    }

    /// <summary>Exactly these were signalled since the last look.</summary>
    public Given Signalled(TcpSignals expected)
    {
        TcpSignals actual = TakeSignals();
        if (actual != expected) throw new InvalidOperationException($"expected the signals {expected} at {Now}, found {actual}");
        return this;
    }

    /// <summary>Does what the link does: checks the size, completes the checksum that was left to it, remembers the shape.</summary>
    private void Finish(byte[] copy, in OutboundPacket packet)
    {
        int most = packet.WireSegments > 1 ? packet.Header.Length + packet.SegmentSize : packet.Length;
        if (most > Mtu) throw new InvalidOperationException($"a packet of {most} octets on a link whose MTU is {Mtu}");
        if (packet.WireSegments > 1 && (Offloads & LinkOffloads.Segmentation) ==
            0) throw new InvalidOperationException("a super-segment on a link that cannot cut it");
        if (packet.ChecksumPartial)
        {
            Span<byte> tcp = copy.AsSpan(packet.TransportOffset);
            var sum = new ChecksumAccumulator(0);
            sum.Add(tcp);
            BinaryPrimitives.WriteUInt16BigEndian(tcp[TcpHeader.ChecksumOffset..], sum.Finish());
        }
        _shapes.Enqueue(new Shape(packet.SegmentSize, packet.WireSegments));
    }

    /// <summary>The application reads the end of the stream.</summary>
    public Given ReadsEnd()
    {
        TcpError error = Connection.Receive(new byte[1], Now, out int received);
        if (error is not TcpError.None || received != 0)
            throw new InvalidOperationException($"expected the end of the stream, got {received} octets, {error}");
        return this;
    }

    /// <summary>The next read gives this error.</summary>
    public Given ReadFails(TcpError expected)
    {
        TcpError error = Connection.Receive(new byte[1], Now, out int received);
        if (error != expected || received != 0) throw new InvalidOperationException($"expected {expected}, got {received} octets, {error}");
        return this;
    }
}
