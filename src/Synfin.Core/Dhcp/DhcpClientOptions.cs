using System.Text;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Dhcp;

/// <summary>Who a client is, and how patient.</summary>
public sealed record DhcpClientOptions
{
    private const int MaxHostName = 63;
    private const int MaxClientId = 64;

    /// <summary>htype (RFC 2131 2): 1 is Ethernet.</summary>
    public byte HardwareType { get; init; } = 1;

    /// <summary>chaddr: 1 to 16 octets, for Ethernet the 6 of the MAC address. The default client id is made of it.</summary>
    public required ReadOnlyMemory<byte> HardwareAddress { get; init; }

    /// <summary>
    /// The client identifier (option 61), 2 to 64 octets, the type included; empty for that of RFC 4361: type 255,
    /// <see cref="InterfaceId"/>, and a DUID made of the hardware address (RFC 8415 11.4).
    /// </summary>
    public ReadOnlyMemory<byte> ClientId { get; init; }

    /// <summary>The IAID (RFC 4361 6.1): tells the interfaces of one host from each other.</summary>
    public uint InterfaceId { get; init; } = 1;

    /// <summary>The name that the client tells the server (option 12), 1 to 63 ASCII characters; null for none.</summary>
    public string? HostName { get; init; }

    /// <summary>The address of the last time, to ask for at once (INIT-REBOOT); null to discover.</summary>
    public InternetAddress? PreviousAddress { get; init; }

    /// <summary>
    /// The first message waits for a random time up to this. RFC 2131 4.4.1 would have 1 to 10 s, for hosts that all start at once after a
    /// power failure; the default is none.
    /// </summary>
    public Duration MaxInitialDelay { get; init; }

    /// <summary>After how long the first message is repeated; each time it doubles (RFC 2131 4.1).</summary>
    public Duration FirstTimeout { get; init; } = Duration.FromSeconds(4);

    /// <summary>The longest time between repetitions (RFC 2131 4.1).</summary>
    public Duration LongestTimeout { get; init; } = Duration.FromSeconds(64);

    /// <summary>How often a request is sent before the client begins anew (RFC 2131 3.1.5).</summary>
    public int MaxRequests { get; init; } = 4;

    /// <summary>The shortest time between repetitions in RENEWING and REBINDING (RFC 2131 4.4.5).</summary>
    public Duration LeastRenewalInterval { get; init; } = Duration.FromSeconds(60);

    /// <summary>How long the client waits after it declined an address, 10 s at least (RFC 2131 3.1.5).</summary>
    public Duration DeclineDelay { get; init; } = Duration.FromSeconds(10);

    internal void Validate()
    {
        if (HardwareAddress.Length is 0 or > DhcpMessage.MaxHardwareLength)
            throw new ArgumentException($"{nameof(HardwareAddress)} has 1 to 16 octets, not {HardwareAddress.Length}");
        if (ClientId.Length is 1 or > MaxClientId)
            throw new ArgumentException($"{nameof(ClientId)} has 2 to {MaxClientId} octets, its type included, not {ClientId.Length}");
        if (HostName is not null && (HostName.Length is 0 or > MaxHostName || !Ascii.IsValid(HostName)))
            throw new ArgumentException($"{nameof(HostName)} has 1 to {MaxHostName} ASCII characters");
        if (PreviousAddress is { } previous && !DhcpLeaseReader.IsUsable(previous))
            throw new ArgumentException($"{nameof(PreviousAddress)} {previous} is no address of a host");
        if (FirstTimeout < Duration.FromSeconds(1) || LongestTimeout < FirstTimeout)
            throw new ArgumentException($"{nameof(FirstTimeout)} is at least 1 s, and {nameof(LongestTimeout)} no shorter");
        if (MaxRequests < 1) throw new ArgumentException($"{nameof(MaxRequests)} is at least 1");
        if (LeastRenewalInterval < Duration.FromSeconds(1))
            throw new ArgumentException($"{nameof(LeastRenewalInterval)} is at least 1 s");
        if (DeclineDelay < Duration.FromSeconds(10)) throw new ArgumentException($"{nameof(DeclineDelay)} is at least 10 s");
    }

    /// <summary>Writes the client identifier; returns its length, 64 at most.</summary>
    internal int WriteClientId(Span<byte> destination)
    {
        if (!ClientId.IsEmpty)
        {
            ClientId.Span.CopyTo(destination);
            return ClientId.Length;
        }
        ReadOnlySpan<byte> head =
            [255, (byte)(InterfaceId >> 24), (byte)(InterfaceId >> 16), (byte)(InterfaceId >> 8), (byte)InterfaceId, 0, 3, 0, HardwareType];
        head.CopyTo(destination);
        HardwareAddress.Span.CopyTo(destination[head.Length..]);
        return head.Length + HardwareAddress.Length;
    }
}
