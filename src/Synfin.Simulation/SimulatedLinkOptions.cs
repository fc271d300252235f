using Synfin.Timers;

namespace Synfin.Simulation;

/// <summary>
/// How a link treats packets. It is the same in both directions unless <see cref="Forward"/> or <see cref="Backward"/> says otherwise.
/// </summary>
public sealed record SimulatedLinkOptions
{
    /// <summary>IP octets times eight a second; null takes no time to send.</summary>
    public long? BitsPerSecond { get; init; }

    /// <summary>Time on the way, one way.</summary>
    public Duration Delay { get; init; }

    /// <summary>At most this much more delay, evenly spread. It does not reorder: a packet waits for the one before it.</summary>
    public Duration Jitter { get; init; }

    /// <summary>Packets that may wait while another is sent; more are lost. Only matters with <see cref="BitsPerSecond"/>.</summary>
    public int QueuePackets { get; init; } = 1000;

    /// <summary>
    /// The largest IP packet in octets, 576 to 65,535. Larger ones are lost, and a switch in front of the link tells their sender (ICMP
    /// "fragmentation needed", ICMPv6 "packet too big").
    /// </summary>
    public int Mtu { get; init; } = 1500;

    /// <summary>Nobody is told about packets that are too large, as behind firewalls that drop ICMP.</summary>
    public bool BlackHole { get; init; }

    /// <summary>
    /// Super-segments pass whole, as through a TUN device with offloads: one packet that says how many segments it stands for.
    /// </summary>
    public bool Offloads { get; init; }

    /// <summary>The probability that a packet is lost.</summary>
    public double Loss { get; init; }

    /// <summary>The probability that a packet arrives twice.</summary>
    public double Duplicate { get; init; }

    /// <summary>The probability that a packet is held for <see cref="ReorderDelay"/> while later ones overtake it.</summary>
    public double Reorder { get; init; }

    /// <summary>How long a reordered packet is held.</summary>
    public Duration ReorderDelay { get; init; } = Duration.FromMilliseconds(5);

    /// <summary>The probability that one bit of the transport header or text is flipped; a checksum must catch it.</summary>
    public double Corrupt { get; init; }

    /// <summary>Other options from the first to the second end; its own overrides are not looked at.</summary>
    public SimulatedLinkOptions? Forward { get; init; }

    /// <summary>Other options from the second to the first end; its own overrides are not looked at.</summary>
    public SimulatedLinkOptions? Backward { get; init; }

    /// <summary>Throws if a value is out of its range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The message names the option.</exception>
    internal void Validate()
    {
        if (BitsPerSecond is { } rate) ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate, nameof(BitsPerSecond));
        ArgumentOutOfRangeException.ThrowIfLessThan(Delay, Duration.Zero, nameof(Delay));
        ArgumentOutOfRangeException.ThrowIfLessThan(Jitter, Duration.Zero, nameof(Jitter));
        ArgumentOutOfRangeException.ThrowIfLessThan(ReorderDelay, Duration.Zero, nameof(ReorderDelay));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(QueuePackets);
        ArgumentOutOfRangeException.ThrowIfLessThan(Mtu, 576);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Mtu, 65_535);
        ThrowIfNoProbability(Loss, nameof(Loss));
        ThrowIfNoProbability(Duplicate, nameof(Duplicate));
        ThrowIfNoProbability(Reorder, nameof(Reorder));
        ThrowIfNoProbability(Corrupt, nameof(Corrupt));
        Forward?.Validate();
        Backward?.Validate();
    }

    private static void ThrowIfNoProbability(double value, string name)
    {
        if (value is >= 0 and <= 1) return;
        throw new ArgumentOutOfRangeException(name, value, "a probability lies between 0 and 1");
    }
}
