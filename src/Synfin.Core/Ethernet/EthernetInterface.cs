using System.Collections.Generic;
using Synfin.Ip;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Ethernet;

/// <summary>
/// What lies below IP on an Ethernet: frames, ARP (RFC 826), neighbor discovery (RFC 4861), and the host's addresses there, those that it
/// was given and those that it makes itself (RFC 4862). IPv4 and IPv6 have one cache of neighbours and one way of asking for them. What it
/// sends of its own waits for <see cref="Output"/>.
/// </summary>
public sealed partial class EthernetInterface : IIpInterface
{
    /// <summary>Longer headers than this are copied to the heap's one buffer, not to the caller's stack.</summary>
    private const int MaxScratch = 256;

    private readonly ILink _link;
    private readonly NetworkStack _stack;
    private readonly EthernetOptions _options;
    private readonly StackSecret _secret;
    private readonly NeighborCache _cache;
    private readonly TimerWheel _wheel;
    private readonly FrameQueue _frames;
    private readonly WaitingPackets _waiting;
    private readonly Slaac _slaac;
    private RateLimiter _solicitations;
    private RateLimiter _answers;
    private RateLimiter _advertisements;
    private byte[] _large = [];
    private ulong _draws;

    /// <summary>When an address, a group or a router has something to do.</summary>
    private Timestamp _nextChore = Timestamp.Never;

    /// <summary>An interface that is up from now on; with autoconfiguration it begins to look for routers.</summary>
    /// <param name="link">
    /// Takes frames: <see cref="OutboundPacket.Header"/> begins with the Ethernet header, and <see cref="OutboundPacket.TransportOffset"/>
    /// counts it. Its MTU is the IP packet's, without that header.
    /// </param>
    /// <param name="mac">The interface's own address.</param>
    /// <param name="options">Its options and limits.</param>
    /// <param name="secret">Its only source of chance.</param>
    /// <param name="stack">Gets the addresses and routes, and hears of next hops that do not answer.</param>
    /// <param name="start">The time.</param>
    /// <exception cref="ArgumentException"><paramref name="mac"/> is a group's or nobody's.</exception>
    public EthernetInterface(
        ILink link, MacAddress mac, EthernetOptions options, StackSecret secret, NetworkStack stack, Timestamp start)
    {
        ArgumentNullException.ThrowIfNull(link);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(stack);
        if (!mac.IsUnicast) throw new ArgumentException($"{mac} is no station's address: it is a group's or nobody's", nameof(mac));
        options.Validate();
        _link = link;
        _stack = stack;
        _options = options;
        _secret = secret;
        Mac = mac;
        _cache = new NeighborCache(options, secret);
        _wheel = new TimerWheel(start);
        _frames = new FrameQueue(options.MaxPendingFrames);
        _waiting = new WaitingPackets(options.MaxWaitingPackets, options.MaxWaitingOctets);
        _solicitations = new RateLimiter(options.MaxSolicitationsPerSecond, options.MaxSolicitationsPerSecond);
        _answers = new RateLimiter(options.MaxAnswersPerSecond, Math.Max(1, options.MaxAnswersPerSecond));
        _advertisements = new RateLimiter(options.MaxAdvertisementsPerSecond, Math.Max(1, options.MaxAdvertisementsPerSecond));
        _slaac = new Slaac(this, options, stack.Routes);
        if (options.Autoconfiguration) _slaac.Start(start);
        PlanChores();
    }

    /// <summary>Another host claims one of our addresses. Called in the middle of <see cref="Input"/>: it may not call back.</summary>
    public event Action<AddressConflict>? Conflict;

    /// <summary>An address came, went, or changed its state. It may not call back.</summary>
    public event Action<InterfaceAddress>? AddressChanged;

    /// <summary>The interface's own address.</summary>
    public MacAddress Mac { get; }

    /// <summary>What was counted.</summary>
    public EthernetCounters Counters { get; } = new();

    /// <inheritdoc/>
    public int Mtu => _link.Mtu;

    /// <inheritdoc/>
    public LinkOffloads Offloads => _link.Offloads;

    /// <inheritdoc/>
    public int MaxSuperSegment => _link.MaxSuperSegment;

    /// <summary>The neighbours as they are now; the sure ones first.</summary>
    public IReadOnlyList<NeighborEntry> Neighbors => _cache.List();

    /// <summary>The default routers that advertise themselves, in the order in which they were first heard of.</summary>
    public IReadOnlyList<InternetAddress> Routers => _slaac.Routers;

    /// <summary>The recursive DNS servers that routers advertise (RFC 8106), in the order in which they were first heard of.</summary>
    public IReadOnlyList<InternetAddress> DnsServers => _slaac.DnsServers;

    /// <inheritdoc/>
    public Timestamp NextDeadline => Timestamp.Min(_wheel.NextDeadline, _nextChore);

    /// <inheritdoc/>
    public bool HasOutput => _frames.Count > 0 || _waiting.ReadyCount > 0;

    internal StackSecret Secret => _secret;

    /// <inheritdoc/>
    public void OnTime(Timestamp now)
    {
        while (_wheel.Expire(now) is Neighbor neighbor) NeighborTimer(neighbor, now);
        if (_nextChore > now) return;
        AddressesOnTime(now);
        GroupsOnTime(now);
        _slaac.OnTime(now);
        PlanChores();
    }

    /// <inheritdoc/>
    public bool Output(Timestamp now) => _frames.Output(_link, Counters) && _waiting.Output(_link, Counters);

    /// <inheritdoc/>
    public bool Transmit(in OutboundPacket packet, InternetAddress nextHop, Timestamp now)
    {
        if (TryFindMac(nextHop, now, out MacAddress mac)) return Send(in packet, mac);
        Wait(in packet, nextHop, now);
        return true;
    }

    /// <summary>Tells the Ethernet address of a neighbour for good: nobody on the link can change it.</summary>
    /// <exception cref="ArgumentException">Not a unicast address, or no station's.</exception>
    public void AddPermanentNeighbor(InternetAddress address, MacAddress mac)
    {
        if (!mac.IsUnicast) throw new ArgumentException($"{mac} is no station's address: it is a group's or nobody's", nameof(mac));
        if (address.IsUnspecified || address.IsMulticast || address.IsLimitedBroadcast)
            throw new ArgumentException($"{address} is no neighbour's address: it stands for none or many", nameof(address));
        Neighbor neighbor = _cache.Find(address) ?? _cache.Add(address, NeighborClass.Permanent);
        _wheel.Cancel(neighbor);
        neighbor.Mac = mac;
        neighbor.State = NeighborState.Permanent;
        _cache.Move(neighbor, NeighborClass.Permanent);
        ReleaseWaiting(neighbor);
    }

    /// <summary>Forgets a neighbour, whatever its state; false if there was none. Packets that wait for it are lost.</summary>
    public bool RemoveNeighbor(InternetAddress address)
    {
        if (_cache.Find(address) is not { } neighbor) return false;
        Forget(neighbor);
        return true;
    }

    /// <summary>Checks every invariant; for tests and simulations.</summary>
    /// <exception cref="InvalidOperationException">One does not hold; the message says which.</exception>
    public void CheckInvariants()
    {
        _cache.CheckInvariants();
        if (_waiting.Count > _options.MaxWaitingPackets || _waiting.Octets > _options.MaxWaitingOctets)
            throw new InvalidOperationException($"{_waiting.Count} packets of {_waiting.Octets} octets wait: more than the limit");
        if (_waiting.Count == 0 && _waiting.Octets != 0) throw new InvalidOperationException("octets wait without a packet");
        if (_addresses.Count > _options.MaxAddresses) throw new InvalidOperationException($"{_addresses.Count} addresses");
        foreach (OwnAddress own in _addresses)
        {
            if (own.IsAssigned != _stack.IsLocal(own.Address))
                throw new InvalidOperationException($"{own.Address} is {own.State}, and the stack thinks otherwise");
        }
        _slaac.CheckInvariants();
    }

    /// <summary>The one way of IP packets to the link: the Ethernet header goes in front of theirs, all else stays.</summary>
    private bool Send(in OutboundPacket packet, MacAddress mac)
    {
        int length = EthernetHeader.Length + packet.Header.Length;
        if (length > MaxScratch && _large.Length < length) _large = GC.AllocateUninitializedArray<byte>(length * 2);
        Span<byte> frame = length <= MaxScratch ? stackalloc byte[MaxScratch] : _large;
        ushort type = packet.Header[0] >> 4 == 4 ? EtherType.Ipv4 : EtherType.Ipv6;
        new EthernetHeader(mac, Mac, type).WriteTo(frame);
        packet.Header.CopyTo(frame[EthernetHeader.Length..]);
        var framed = new OutboundPacket
        {
            Header = frame[..length],
            Text = packet.Text,
            TransportOffset = EthernetHeader.Length + packet.TransportOffset,
            SegmentSize = packet.SegmentSize,
            WireSegments = packet.WireSegments,
            ChecksumPartial = packet.ChecksumPartial,
        };
        if (!_link.Transmit(in framed)) return false;
        Counters.FramesSent++;
        return true;
    }

    /// <summary>A part of <paramref name="most"/>, so that hosts that start together do not speak together.</summary>
    internal Duration Draw(Duration most)
    {
        ulong noise = SipHash.Hash13(in _secret, _draws++, Mac.Value, (ulong)HashDomain.NeighborNoise);
        return new Duration((long)((UInt128)noise * (ulong)Math.Max(0, most.Nanoseconds) >> 64));
    }

    internal void PlanChores() =>
        _nextChore = Timestamp.Min(_slaac.NextDeadline, Timestamp.Min(NextAddressDeadline(), NextGroupDeadline()));
}
