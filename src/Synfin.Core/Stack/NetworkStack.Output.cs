using System.Collections.Generic;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>The way out: replies that no full connection sends, and the making of packets.</summary>
public sealed partial class NetworkStack
{
    private const int MaxHeaders = IpHeader.Ipv6Length + TcpHeader.MaximumLength;

    private readonly Queue<PendingReply> _replies = new();
    private readonly Queue<byte[]> _rawReplies = new();

    private bool Queue(in PendingReply reply)
    {
        if (_replies.Count >= Options.MaxPendingReplies)
        {
            Counters.RepliesDropped++;
            return false;
        }
        _replies.Enqueue(reply);
        return true;
    }

    private bool OutputReplies(ILink link)
    {
        while (_replies.TryPeek(out PendingReply reply))
        {
            bool toOurselves = IsLocal(reply.Tuple.RemoteAddress);
            if (!Transmit(toOurselves ? _loopback : link, in reply))
            {
                if (!toOurselves) return false;
                break; // the next turn makes room there
            }
            _replies.Dequeue();
        }
        while (_rawReplies.TryPeek(out byte[]? packet))
        {
            bool v4 = packet[0] >> 4 == 4;
            int transport = v4 ? IpHeader.Ipv4Length : IpHeader.Ipv6Length;
            InternetAddress destination = InternetAddress.FromBytes(v4 ? packet.AsSpan(16, 4) : packet.AsSpan(24, 16));
            bool toOurselves = IsLocal(destination);
            if (!TransmitRaw(toOurselves ? _loopback : link, packet, transport, destination))
            {
                if (!toOurselves) return false;
                break; // the next turn makes room there
            }
            _rawReplies.Dequeue();
        }
        return true;
    }

    /// <summary>Sends a finished packet, or its payload in fragments if it does not fit the path.</summary>
    private bool TransmitRaw(ILink link, byte[] packet, int transport, InternetAddress destination)
    {
        if (_rawCursor.Offset == 0 && packet.Length <= PathMtu(destination))
        {
            var outbound = new OutboundPacket { Header = packet, TransportOffset = transport, WireSegments = 1 };
            if (!link.Transmit(in outbound)) return false;
            Counters.PacketsSent++;
            return true;
        }
        bool v4 = transport == IpHeader.Ipv4Length;
        var whole = new FragmentedDatagram
        {
            Source = InternetAddress.FromBytes(v4 ? packet.AsSpan(12, 4) : packet.AsSpan(8, 16)),
            Destination = destination,
            Protocol = packet[v4 ? 9 : 6],
            TrafficClass = v4 ? packet[1] : (byte)(packet[0] << 4 | packet[1] >> 4),
            TimeToLive = packet[v4 ? 8 : 7],
        };
        return TransmitFragments(link, in whole, packet.AsSpan(transport), default, ref _rawCursor);
    }

    private bool Transmit(ILink link, in PendingReply reply)
    {
        var options = default(TcpOptions);
        reply.WriteOptions(ref options);
        var outgoing = new OutgoingSegment
        {
            Tuple = reply.Tuple,
            Seq = reply.Seq,
            Ack = reply.Ack,
            Flags = reply.Flags,
            Wnd = reply.Wnd,
            TrafficClass = reply.TrafficClass,
            TimeToLive = reply.TimeToLive,
            WireSegments = 1,
            State = reply.State,
            Retransmission = reply.Retransmission,
        };
        return TransmitSegment(link, in outgoing, in options);
    }

    /// <summary>Writes the headers before the text and hands the packet to the link (MUST-2: the checksum is always there).</summary>
    internal bool TransmitSegment(ILink link, in OutgoingSegment seg, in TcpOptions options)
    {
        Span<byte> scratch = stackalloc byte[MaxHeaders];
        int ipLength = seg.Tuple.LocalAddress.IsIpv4 ? IpHeader.Ipv4Length : IpHeader.Ipv6Length;
        int tcpLength = TcpHeaderWriter.Write(
            scratch[ipLength..],
            seg.Tuple.LocalPort,
            seg.Tuple.RemotePort,
            seg.Seq,
            seg.Ack,
            seg.Flags,
            seg.Wnd,
            seg.Up,
            in options,
            Profile.OptionLayout);
        int payload = tcpLength + seg.Text.Length;
        IpHeaderWriter.Write(
            scratch,
            seg.Tuple.LocalAddress,
            seg.Tuple.RemoteAddress,
            IpProtocol.Tcp,
            payload,
            seg.TrafficClass,
            seg.TimeToLive,
            flowLabel: 0);
        bool partial = link.Offloads is not LinkOffloads.None;
        WriteChecksum(scratch.Slice(ipLength, tcpLength), in seg, payload, partial);
        var packet = new OutboundPacket
        {
            Header = scratch[..(ipLength + tcpLength)],
            Text = seg.Text,
            TransportOffset = ipLength,
            SegmentSize = seg.SegmentSize,
            WireSegments = seg.WireSegments,
            ChecksumPartial = partial,
        };
        if (!link.Transmit(in packet)) return false;
        Counters.PacketsSent++;
        Counters.SegmentsSent += seg.WireSegments;
        Counters.OctetsSent += seg.Text.Length;
        if (_observer is { } o) o.SegmentSent(EventOf(in seg));
        return true;
    }

    private static void WriteChecksum(Span<byte> header, in OutgoingSegment seg, int payload, bool partial)
    {
        ulong pseudo = InternetChecksum.PseudoHeader(seg.Tuple.LocalAddress, seg.Tuple.RemoteAddress, IpProtocol.Tcp, payload);
        ushort checksum;
        if (partial)
        {
            checksum = InternetChecksum.Fold(pseudo);
        }
        else
        {
            var accumulator = new ChecksumAccumulator(pseudo);
            accumulator.Add(header);
            foreach (ReadOnlySpan<byte> part in seg.Text) accumulator.Add(part);
            checksum = accumulator.Finish();
        }
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(header[TcpHeader.ChecksumOffset..], checksum);
    }
}
