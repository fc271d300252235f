using System.Buffers.Binary;
using System.Collections.Generic;
using Synfin.Buffers;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Ip;

/// <summary>What became of a fragment.</summary>
internal enum FragmentOutcome : byte
{
    /// <summary>It waits for the others, or was there already.</summary>
    Waits,

    /// <summary>The datagram is whole.</summary>
    Whole,

    /// <summary>It was dropped.</summary>
    Dropped,

    /// <summary>Over IPv6: the first fragment does not hold all headers (RFC 7112), and was dropped.</summary>
    HeadersMissing,
}

/// <summary>
/// Makes datagrams of fragments (RFC 791 3.2, RFC 815's ideas, RFC 8200 4.5). Datagrams, fragments and octets have limits; beyond them the
/// oldest datagram is given up, since the fragments of an honest one come together. Fragments that overlap spoil their datagram, in both
/// families (RFC 5722), so there is no question of whose octets win.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="pages">Where the octets are kept.</param>
internal sealed class FragmentReassembly(StackOptions options, PagePool pages)
{
    private const int MaxPacket = IpHeader.Ipv6Length + ushort.MaxValue;

    private readonly List<PartialDatagram> _waiting = [];
    private readonly Stack<PartialDatagram> _free = new();
    private byte[]? _whole;
    private int _pagesHeld;

    /// <summary>Datagrams of which something is missing, and those that were spoilt.</summary>
    public int Count => _waiting.Count;

    /// <summary>When <see cref="TryExpire"/> has something to do.</summary>
    public Timestamp NextDeadline { get; private set; } = Timestamp.Never;

    /// <summary>A fragment arrived.</summary>
    /// <param name="ip">Its header.</param>
    /// <param name="packet">The packet that it was read from.</param>
    /// <param name="now">The time.</param>
    /// <param name="whole">The datagram as if it had never been fragmented, valid until the next call; empty if it is not whole.</param>
    public FragmentOutcome Add(in IpHeader ip, ReadOnlySpan<byte> packet, Timestamp now, out ReadOnlySpan<byte> whole)
    {
        whole = default;
        ReadOnlySpan<byte> octets = ip.Payload(packet);
        bool v6 = ip.Version == 6;
        bool more = v6 ? (packet[ip.PayloadOffset - 5] & 1) != 0 : (packet[6] & 0x20) != 0;
        uint identification = v6
            ? BinaryPrimitives.ReadUInt32BigEndian(packet[(ip.PayloadOffset - sizeof(uint))..])
            : BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        if (octets.IsEmpty || options.MaxReassemblies == 0) return FragmentOutcome.Dropped;
        if (ip.FragmentOffset == 0 && !FirstFragment.HoldsAllHeaders(v6, ip.Protocol, octets))
            return v6 ? FragmentOutcome.HeadersMissing : FragmentOutcome.Dropped;
        if (FirstFragment.IsHiddenHeader(in ip)) return FragmentOutcome.Dropped;

        PartialDatagram datagram = Find(in ip, identification) ?? Begin(in ip, identification, now);
        if (datagram.IsRefused) return FragmentOutcome.Dropped;
        int before = datagram.PagesHeld;
        FragmentVerdict verdict = datagram.Add(pages, ip.FragmentOffset, octets, more, options.MaxFragments);
        _pagesHeld += datagram.PagesHeld - before;
        switch (verdict)
        {
            case FragmentVerdict.Kept or FragmentVerdict.Complete:
                Remember(datagram, in ip);
                if (!MakeRoom(datagram)) return FragmentOutcome.Dropped;
                return verdict is FragmentVerdict.Kept ? FragmentOutcome.Waits : Finish(datagram, v6, out whole);
            case FragmentVerdict.Duplicate:
                return FragmentOutcome.Waits;
            case FragmentVerdict.Contradiction or FragmentVerdict.NoMemory:
                Refuse(datagram);
                return FragmentOutcome.Dropped;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Gives up a datagram whose time is over.</summary>
    /// <param name="now">The time.</param>
    /// <param name="first">Its first fragment as a packet, valid until the next call; empty if that never came.</param>
    /// <param name="timedOut">Whether it was waited for; one that was spoilt is only forgotten.</param>
    /// <returns>False if there is none.</returns>
    public bool TryExpire(Timestamp now, out ReadOnlySpan<byte> first, out bool timedOut)
    {
        first = default;
        timedOut = false;
        if (NextDeadline > now) return false;
        int at = 0;
        while (_waiting[at].Deadline != NextDeadline) at++;
        PartialDatagram datagram = _waiting[at];
        timedOut = !datagram.IsRefused;
        if (datagram.FirstLength > 0) first = Write(datagram, datagram.FirstLength, asFragment: true);
        Remove(at);
        return true;
    }

    /// <exception cref="InvalidOperationException">Something does not hold; the message says what.</exception>
    public void CheckInvariants()
    {
        int held = 0;
        Timestamp next = Timestamp.Never;
        foreach (PartialDatagram datagram in _waiting)
        {
            held += datagram.PagesHeld;
            next = Timestamp.Min(next, datagram.Deadline);
        }
        if (held != _pagesHeld) throw new InvalidOperationException($"fragments hold {held} pages, and {_pagesHeld} are counted");
        if (next != NextDeadline) throw new InvalidOperationException("the next deadline of reassembly is wrong");
        bool within = _waiting.Count <= options.MaxReassemblies && (long)held * PagePool.PageSize <= options.MaxReassemblyOctets;
        if (!within) throw new InvalidOperationException("a limit of reassembly is exceeded");
    }

    private PartialDatagram? Find(in IpHeader ip, uint identification)
    {
        foreach (PartialDatagram datagram in _waiting)
        {
            if (datagram.Is(in ip, identification)) return datagram;
        }
        return null;
    }

    private PartialDatagram Begin(in IpHeader ip, uint identification, Timestamp now)
    {
        if (_waiting.Count >= options.MaxReassemblies) Remove(0);
        if (!_free.TryPop(out PartialDatagram? datagram)) datagram = new PartialDatagram();
        Duration timeout = ip.Version == 6 ? options.ReassemblyTimeoutIpv6 : options.ReassemblyTimeoutIpv4;
        datagram.Begin(in ip, identification, now + timeout);
        _waiting.Add(datagram);
        NextDeadline = Timestamp.Min(NextDeadline, datagram.Deadline);
        return datagram;
    }

    private static void Remember(PartialDatagram datagram, in IpHeader ip)
    {
        datagram.EcnSeen |= 1 << ip.Ecn;
        if (ip.FragmentOffset != 0) return;
        datagram.Protocol = ip.Protocol;
        datagram.TimeToLive = ip.TimeToLive;
        datagram.TrafficClass = ip.TrafficClass;
    }

    /// <summary>Older datagrams go for a newer one; one that is alone too large goes itself.</summary>
    private bool MakeRoom(PartialDatagram newest)
    {
        for (int at = 0; (long)_pagesHeld * PagePool.PageSize > options.MaxReassemblyOctets && at < _waiting.Count;)
        {
            if (_waiting[at] == newest || _waiting[at].PagesHeld == 0) at++;
            else Remove(at);
        }
        if ((long)_pagesHeld * PagePool.PageSize <= options.MaxReassemblyOctets) return true;
        Refuse(newest);
        return false;
    }

    private FragmentOutcome Finish(PartialDatagram datagram, bool v6, out ReadOnlySpan<byte> whole)
    {
        const int NotCapable = 1 << 0, CongestionExperienced = 1 << 3;
        whole = default;
        FragmentOutcome outcome = FragmentOutcome.Dropped;
        bool congested = (datagram.EcnSeen & CongestionExperienced) != 0;
        bool fits = datagram.Total <= (v6 ? ushort.MaxValue : ushort.MaxValue - IpHeader.Ipv4Length);
        // A mark on a fragment of what was not capable of marks is an error of the path's (RFC 3168 5.3).
        if (fits && !(congested && (datagram.EcnSeen & NotCapable) != 0))
        {
            if (congested) datagram.TrafficClass |= 3;
            whole = Write(datagram, datagram.Total, asFragment: false);
            outcome = FragmentOutcome.Whole;
        }
        Remove(_waiting.IndexOf(datagram));
        return outcome;
    }

    /// <summary>Headers before the fragment header, and IPv4's options, say nothing to a host, and are left out.</summary>
    private ReadOnlySpan<byte> Write(PartialDatagram datagram, int length, bool asFragment)
    {
        _whole ??= GC.AllocateUninitializedArray<byte>(MaxPacket + IpHeaderWriter.FragmentHeaderLength);
        int header = asFragment
            ? IpHeaderWriter.WriteFragment(
                _whole,
                datagram.Source,
                datagram.Destination,
                datagram.Protocol,
                length,
                datagram.TrafficClass,
                datagram.TimeToLive,
                datagram.Identification,
                offset: 0,
                more: true)
            : IpHeaderWriter.Write(
                _whole,
                datagram.Source,
                datagram.Destination,
                datagram.Protocol,
                length,
                datagram.TrafficClass,
                datagram.TimeToLive,
                flowLabel: 0);
        datagram.CopyTo(_whole.AsSpan(header, length));
        return _whole.AsSpan(0, header + length);
    }

    private void Refuse(PartialDatagram datagram)
    {
        _pagesHeld -= datagram.PagesHeld;
        datagram.Refuse(pages);
    }

    private void Remove(int at)
    {
        PartialDatagram datagram = _waiting[at];
        _pagesHeld -= datagram.PagesHeld;
        datagram.Clear(pages);
        _waiting.RemoveAt(at);
        _free.Push(datagram);
        if (datagram.Deadline > NextDeadline) return;
        NextDeadline = Timestamp.Never;
        foreach (PartialDatagram other in _waiting) NextDeadline = Timestamp.Min(NextDeadline, other.Deadline);
    }
}
