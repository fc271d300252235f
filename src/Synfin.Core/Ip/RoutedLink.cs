using System.Collections.Generic;
using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Ip;

/// <summary>The interfaces of a host as the one link that its engine sends through: each packet takes the way of its route.</summary>
/// <param name="routes">The routes; with none of them all packets take the first interface.</param>
/// <param name="counters">Counts packets without a route.</param>
public sealed class RoutedLink(RouteTable routes, Counters counters) : ILink
{
    private const int Ipv4Destination = 16;
    private const int Ipv6Destination = 24;

    private readonly List<IIpInterface> _interfaces = [];
    private Timestamp _now;

    /// <summary>The interfaces; a route names one by its place here.</summary>
    public IReadOnlyList<IIpInterface> Interfaces => _interfaces;

    /// <inheritdoc/>
    public int Mtu { get; private set; } = ushort.MaxValue;

    /// <summary>What all the interfaces do.</summary>
    public LinkOffloads Offloads { get; private set; } = LinkOffloads.TransmitChecksum | LinkOffloads.Segmentation;

    /// <inheritdoc/>
    public int MaxSuperSegment { get; private set; } = ushort.MaxValue;

    /// <summary>When <see cref="OnTime"/> has something to do.</summary>
    public Timestamp NextDeadline
    {
        get
        {
            Timestamp next = Timestamp.Never;
            foreach (IIpInterface below in _interfaces) next = Timestamp.Min(next, below.NextDeadline);
            return next;
        }
    }

    /// <summary>Whether an interface has something of its own to send.</summary>
    public bool HasOutput
    {
        get
        {
            foreach (IIpInterface below in _interfaces)
            {
                if (below.HasOutput) return true;
            }
            return false;
        }
    }

    /// <summary>Adds an interface; returns its place.</summary>
    public int Add(IIpInterface below)
    {
        ArgumentNullException.ThrowIfNull(below);
        _interfaces.Add(below);
        Refresh();
        return _interfaces.Count - 1;
    }

    /// <summary>An interface's MTU or offloads changed.</summary>
    public void Refresh()
    {
        Mtu = MaxSuperSegment = ushort.MaxValue;
        Offloads = LinkOffloads.TransmitChecksum | LinkOffloads.Segmentation;
        foreach (IIpInterface below in _interfaces)
        {
            Mtu = Math.Min(Mtu, below.Mtu);
            Offloads &= below.Offloads;
            MaxSuperSegment = Math.Min(MaxSuperSegment, below.MaxSuperSegment);
        }
    }

    /// <summary>Acts on deadlines that passed; what is transmitted until the next call is sent at this time.</summary>
    public void OnTime(Timestamp now)
    {
        _now = now;
        foreach (IIpInterface below in _interfaces)
        {
            if (below.NextDeadline <= now) below.OnTime(now);
        }
    }

    /// <summary>Sends what is the interfaces' own.</summary>
    /// <returns>False if a link was full.</returns>
    public bool Output(Timestamp now)
    {
        _now = now;
        bool done = true;
        foreach (IIpInterface below in _interfaces) done &= !below.HasOutput || below.Output(now);
        return done;
    }

    /// <inheritdoc/>
    public bool Transmit(in OutboundPacket packet)
    {
        InternetAddress destination = DestinationOf(packet.Header);
        if (routes.TryFind(destination, out Route? route))
            return _interfaces[route.Interface].Transmit(in packet, NextHop(route, destination), _now);
        if (routes.Routes.Count == 0 || destination.IsLimitedBroadcast) return _interfaces[0].Transmit(in packet, destination, _now);
        // As if it were lost: who waits for an answer finds out in time, as with a router that has no route.
        counters.Dropped[(int)DropReason.NoRoute]++;
        return true;
    }

    /// <summary>What is for many on the link goes through no router.</summary>
    private static InternetAddress NextHop(Route route, InternetAddress destination) =>
        destination.IsMulticast || destination.IsLimitedBroadcast ? destination : route.Gateway ?? destination;

    private static InternetAddress DestinationOf(ReadOnlySpan<byte> header) => header[0] >> 4 == 4
        ? InternetAddress.FromBytes(header.Slice(Ipv4Destination, 4))
        : InternetAddress.FromBytes(header.Slice(Ipv6Destination, 16));
}
