using System.Buffers.Binary;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>The way in: IP, checksum, table, and the segment that nobody expects (RFC 9293 3.10.7.1).</summary>
public sealed partial class NetworkStack
{
    private RateLimiter _resets;

    /// <summary>A packet arrived. It is borrowed until the call returns.</summary>
    public void Input(ReadOnlySpan<byte> packet, ReceiveMetadata metadata, Timestamp now)
    {
        Advance(now);
        PacketArrives(packet, metadata, fromWire: true);
    }

    private void PacketArrives(ReadOnlySpan<byte> packet, ReceiveMetadata metadata, bool fromWire)
    {
        Counters.PacketsReceived++;
        WireError error = IpHeader.TryParse(packet, out IpHeader ip);
        if (error is not WireError.None)
        {
            CountDrop(error is WireError.BadChecksum ? DropReason.Checksum : DropReason.Malformed);
            if (fromWire) AnswerMalformed(packet, error);
            return;
        }
        DropReason reason = CheckAddresses(in ip, fromWire);
        if (reason is DropReason.NotForUs && IsOfConnection(in ip, packet)) reason = DropReason.None;
        if (reason is not DropReason.None) CountDrop(reason);
        else if (ip.IsFragment) FragmentArrives(in ip, packet, fromWire);
        else PayloadArrives(in ip, packet, metadata);
    }

    /// <summary>A whole datagram from what can be a peer, to us or, if it is UDP, to all.</summary>
    private void PayloadArrives(in IpHeader ip, ReadOnlySpan<byte> packet, ReceiveMetadata metadata)
    {
        if (ip.Protocol == IpProtocol.Tcp) TcpArrives(in ip, ip.Payload(packet), metadata);
        else if (ip.Protocol == (ip.Version == 4 ? IpProtocol.Icmp : IpProtocol.Icmpv6)) IcmpArrives(in ip, ip.Payload(packet));
        else if (ip.Protocol == IpProtocol.Udp) UdpArrives(in ip, packet, metadata);
        else UnknownProtocolArrives(in ip, packet);
    }

    /// <summary>RFC 1122 3.2.2.1, RFC 4443 3.4; 59 says that nothing follows (RFC 8200 4.7).</summary>
    private void UnknownProtocolArrives(in IpHeader ip, ReadOnlySpan<byte> packet)
    {
        const byte NoNextHeader = 59;
        CountDrop(DropReason.UnknownProtocol);
        if (ip.Version == 4 || ip.Protocol != NoNextHeader) QueueUnreachable(in ip, packet, IcmpKind.ProtocolUnreachable);
    }

    internal void CountDrop(DropReason reason) => Counters.Dropped[(int)reason]++;

    /// <summary>MUST-57, MUST-63 and LAND: what cannot be a peer is not answered.</summary>
    private DropReason CheckAddresses(in IpHeader ip, bool fromWire)
    {
        if (!IsLocal(ip.Destination)) return CheckAddressesToOthers(in ip);
        if (!IsUnicast(ip.Source)) return DropReason.Martian;
        return fromWire && (ip.Destination.IsLoopback || IsLocal(ip.Source)) ? DropReason.Martian : DropReason.None;
    }

    /// <summary>What is not to us alone: what goes to all on the link is for us too, if it is UDP's (RFC 919, RFC 1122 3.3.6).</summary>
    private DropReason CheckAddressesToOthers(in IpHeader ip)
    {
        if (!IsBroadcast(ip.Destination)) return ip.Destination.IsMulticast ? DropReason.Martian : DropReason.NotForUs;
        bool fromNowhere = ip.Source == InternetAddress.AnyIpv4 && ip.Destination.IsLimitedBroadcast; // who has no address yet: DHCP
        bool possible = fromNowhere || (IsUnicast(ip.Source) && !IsLocal(ip.Source) && !IsBroadcast(ip.Source));
        return possible && ip.Protocol == IpProtocol.Udp ? DropReason.None : DropReason.Martian;
    }

    /// <summary>255.255.255.255, or all of a subnet on a link of ours.</summary>
    internal bool IsBroadcast(InternetAddress address) => address.IsLimitedBroadcast || Routes.IsDirectedBroadcast(address);

    /// <summary>MUST-45: a connection keeps its local address, also when the host has lost it.</summary>
    private bool IsOfConnection(in IpHeader ip, ReadOnlySpan<byte> packet)
    {
        const int Ports = 4;
        ReadOnlySpan<byte> tcp = ip.Payload(packet);
        if (ip.Protocol != IpProtocol.Tcp || ip.IsFragment || tcp.Length < Ports) return false;
        ushort remotePort = BinaryPrimitives.ReadUInt16BigEndian(tcp);
        ushort localPort = BinaryPrimitives.ReadUInt16BigEndian(tcp[2..]);
        return _connections.Find(new FourTuple(ip.Destination, localPort, ip.Source, remotePort)) is not null;
    }

    private static bool IsUnicast(InternetAddress address) =>
        !address.IsUnspecified && !address.IsMulticast && !address.IsLimitedBroadcast
            && !(address.IsIpv4 && address.Ipv4 >> 24 is 0 or >= 240);

    private void TcpArrives(in IpHeader ip, ReadOnlySpan<byte> tcp, ReceiveMetadata metadata)
    {
        if (!metadata.ChecksumVerified && !InternetChecksum.Verify(ip.Source, ip.Destination, IpProtocol.Tcp, tcp))
        {
            CountDrop(DropReason.Checksum);
            return;
        }
        var seg = default(Segment);
        if (TcpHeader.TryParse(tcp, ref seg) is not WireError.None)
        {
            CountDrop(DropReason.Malformed);
            return;
        }
        seg.Source = ip.Source;
        seg.Destination = ip.Destination;
        seg.Ecn = (byte)ip.Ecn;
        seg.WireSegments = Math.Max(1, metadata.WireSegments);
        Counters.SegmentsReceived += seg.WireSegments;
        SegmentArrives(ref seg);
    }

    /// <summary>SEGMENT ARRIVES: who is it for?</summary>
    private void SegmentArrives(ref Segment seg)
    {
        if (Profile.DropSynFin && seg.Has(TcpFlags.Syn) && seg.Has(TcpFlags.Fin))
        {
            CountDrop(DropReason.Malformed);
            return;
        }
        FourTuple tuple = seg.Tuple;
        uint hash = _connections.Hash(in tuple);
        if (_connections.Find(in tuple, hash) is TcpConnection connection)
        {
            if (_observer is { } o) o.SegmentReceived(EventOf(in seg, connection.ProtocolState));
            connection.SegmentArrives(ref seg);
            return;
        }
        int index = _timeWait.Find(in tuple, hash);
        if (index >= 0)
        {
            if (_observer is { } o) o.SegmentReceived(EventOf(in seg, TcpState.TimeWait));
            SegmentArrivesInTimeWait(index, ref seg);
            return;
        }
        index = _halfOpen.Find(in tuple, hash);
        if (index >= 0)
        {
            if (_observer is { } o) o.SegmentReceived(EventOf(in seg, TcpState.SynReceived));
            SegmentArrivesInSynReceived(index, ref seg);
            return;
        }
        if (Routes.IsDirectedBroadcast(seg.Source))
        {
            Dropped(in seg, TcpState.Closed, DropReason.Martian); // an answer would go to all (MUST-63)
            return;
        }
        if (FindListener(seg.Destination, seg.DestinationPort) is { } listener)
        {
            if (_observer is { } o) o.SegmentReceived(EventOf(in seg, TcpState.Listen));
            SegmentArrivesInListen(listener, ref seg, minimumIss: null);
            return;
        }
        {
            if (_observer is { } o) o.SegmentReceived(EventOf(in seg, TcpState.Closed));
            SegmentArrivesInClosed(in seg);
        }
    }

    /// <summary>3.10.7.1: all data is discarded; anything but a RST is answered with one, as often as the limit allows.</summary>
    private void SegmentArrivesInClosed(in Segment seg)
    {
        Dropped(in seg, TcpState.Closed, DropReason.NoConnection);
        bool silent = Profile.ClosedPorts is ClosedPortRule.DropAll
            || (Profile.ClosedPorts is ClosedPortRule.DropSyn && seg.Has(TcpFlags.Syn));
        if (!seg.Has(TcpFlags.Rst) && !silent) QueueResetFor(in seg);
    }

    /// <summary>The RST that a segment without a connection gets (3.5.3, 3.10.7.1): never longer than what it answers.</summary>
    internal void QueueResetFor(in Segment seg)
    {
        if (!_resets.TryTake(Now))
        {
            Counters.RepliesDropped++;
            return;
        }
        FourTuple tuple = seg.Tuple;
        bool ack = seg.Has(TcpFlags.Ack);
        bool queued = Queue(new PendingReply
        {
            Tuple = tuple,
            Seq = ack ? seg.Ack : default,
            Ack = ack ? default : seg.End,
            Flags = ack ? TcpFlags.Rst : TcpFlags.Rst | TcpFlags.Ack,
            State = StateOf(in tuple),
        });
        if (queued) Counters.ResetsSent++;
    }

    /// <summary>The RST of an ABORT or of a CLOSE with unread data: it carries an ACK, as most stacks' do.</summary>
    internal void QueueReset(in FourTuple tuple, SequenceNumber seq, SequenceNumber ack, TcpConnectionOptions options, uint? echo)
    {
        Counters.ResetsSent++;
        bool timestamps = echo is not null; // "SHOULD be sent in an <RST> segment" (RFC 7323 3.2)
        _replies.Enqueue(new PendingReply
        {
            Tuple = tuple,
            Seq = seq,
            Ack = ack,
            Flags = TcpFlags.Rst | TcpFlags.Ack,
            State = TcpState.Closed,
            TrafficClass = (byte)(options.Dscp << 2),
            TimeToLive = options.TimeToLive,
            HasTimestamps = timestamps,
            TimestampValue = timestamps ? TimestampClock.Now(Now, TimestampClock.Offset(Secret, in tuple)) : 0,
            TimestampEchoReply = echo.GetValueOrDefault(),
        });
    }

    private void DrainLoopback()
    {
        int waiting = _loopback.Count; // what these cause waits for the next turn
        while (waiting-- > 0)
        {
            ReadOnlySpan<byte> packet = _loopback.Peek(out int wireSegments);
            PacketArrives(packet, new ReceiveMetadata(ChecksumVerified: true, wireSegments), fromWire: false);
            _loopback.Dequeue();
        }
    }
}
