using Synfin.Buffers;
using Synfin.Ip;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>Fragments, both ways (RFC 791 3.2, RFC 6864, RFC 8200 4.5). TCP never makes any.</summary>
public sealed partial class NetworkStack
{
    private readonly FragmentReassembly _reassembly;
    private readonly FragmentIdentification _identifications;
    private readonly PathMtuCache _pathMtus;
    private byte[]? _fragment;
    private FragmentCursor _rawCursor;

    /// <summary>Datagrams of which fragments wait for the others, and those that were spoilt by one.</summary>
    public int ReassemblyCount => _reassembly.Count;

    private void FragmentArrives(in IpHeader ip, ReadOnlySpan<byte> packet, bool fromWire)
    {
        switch (_reassembly.Add(in ip, packet, Now, out ReadOnlySpan<byte> whole))
        {
            case FragmentOutcome.Waits:
                return;
            case FragmentOutcome.Whole:
                Counters.DatagramsReassembled++;
                DatagramIsWhole(whole, fromWire);
                return;
            case FragmentOutcome.HeadersMissing:
                CountDrop(DropReason.Fragment);
                QueueParameterProblem(packet, Ipv6Problem.Incomplete());
                return;
            case FragmentOutcome.Dropped:
                CountDrop(DropReason.Fragment);
                return;
            default:
                throw new UnreachableException();
        }
    }

    private void DatagramIsWhole(ReadOnlySpan<byte> packet, bool fromWire)
    {
        WireError error = IpHeader.TryParse(packet, out IpHeader ip);
        if (error is not WireError.None)
        {
            CountDrop(DropReason.Malformed);
            if (fromWire) AnswerMalformed(packet, error);
            return;
        }
        Debug.Assert(!ip.IsFragment, "a fragment header within fragments is refused with the first of them");
        DropReason reason = CheckAddresses(in ip, fromWire);
        if (reason is DropReason.NotForUs && IsOfConnection(in ip, packet)) reason = DropReason.None;
        if (reason is DropReason.None) PayloadArrives(in ip, packet, default);
        else CountDrop(reason); // the address was taken away meanwhile
    }

    private void ExpireFragments()
    {
        while (_reassembly.TryExpire(Now, out ReadOnlySpan<byte> first, out bool timedOut))
        {
            if (timedOut) CountDrop(DropReason.ReassemblyTimeout);
            if (!first.IsEmpty) QueueReassemblyTimeExceeded(first);
        }
    }

    /// <summary>
    /// Sends what is left of a datagram in fragments that fit the path. If the link is full in between, <paramref name="cursor"/> says
    /// where to go on: nothing is lost, and nothing sent twice.
    /// </summary>
    /// <returns>False if the link was full; true, and the cursor is at the start again, when all is sent.</returns>
    private bool TransmitFragments(
        ILink link, in FragmentedDatagram whole, ReadOnlySpan<byte> head, TextSlices text, ref FragmentCursor cursor)
    {
        int length = head.Length + text.Length;
        int headers = whole.Source.IsIpv4 ? IpHeader.Ipv4Length : IpHeader.Ipv6Length + IpHeaderWriter.FragmentHeaderLength;
        if (cursor.Offset == 0) cursor.Identification = _identifications.Next(whole.Source, whole.Destination, whole.Protocol);
        _fragment ??= GC.AllocateUninitializedArray<byte>(ushort.MaxValue);
        while (cursor.Offset < length)
        {
            int most = (PathMtu(whole.Destination) - headers) & ~7;
            int left = length - cursor.Offset;
            int size = Math.Min(most, left);
            int header = IpHeaderWriter.WriteFragment(
                _fragment,
                whole.Source,
                whole.Destination,
                whole.Protocol,
                size,
                whole.TrafficClass,
                whole.TimeToLive,
                cursor.Identification,
                cursor.Offset,
                more: size < left);
            int ofHead = Math.Clamp(head.Length - cursor.Offset, 0, size);
            if (ofHead > 0) head.Slice(cursor.Offset, ofHead).CopyTo(_fragment.AsSpan(header));
            var packet = new OutboundPacket
            {
                Header = _fragment.AsSpan(0, header + ofHead),
                Text = text.Slice(Math.Max(0, cursor.Offset - head.Length), size - ofHead),
                TransportOffset = header,
                WireSegments = 1,
            };
            if (!link.Transmit(in packet)) return false;
            Counters.PacketsSent++;
            Counters.FragmentsSent++;
            cursor.Offset += size;
        }
        cursor = default;
        return true;
    }

    private void CheckIpInvariants()
    {
        _reassembly.CheckInvariants();
        foreach (EchoEndpoint endpoint in _echoEndpoints) endpoint.CheckInvariants();
        if (_echoEndpoints.Count > Options.MaxEchoEndpoints) throw new InvalidOperationException("MaxEchoEndpoints is exceeded");
    }

    /// <summary>What all fragments of a datagram have in common.</summary>
    private readonly ref struct FragmentedDatagram
    {
        public required InternetAddress Source { get; init; }

        public required InternetAddress Destination { get; init; }

        public required byte Protocol { get; init; }

        public required byte TrafficClass { get; init; }

        public required byte TimeToLive { get; init; }
    }
}
