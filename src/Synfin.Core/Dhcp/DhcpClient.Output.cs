using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Dhcp;

/// <summary>What the client says.</summary>
public sealed partial class DhcpClient
{
    // RFC 3442: classless routes before routers, and routers are then ignored.
    private static ReadOnlySpan<byte> Parameters =>
    [
        (byte)DhcpOption.SubnetMask, (byte)DhcpOption.ClasslessRoutes, (byte)DhcpOption.Router, (byte)DhcpOption.DnsServers,
        (byte)DhcpOption.HostName, (byte)DhcpOption.DomainName, (byte)DhcpOption.Mtu, (byte)DhcpOption.LeaseTime,
        (byte)DhcpOption.ServerId, (byte)DhcpOption.RenewalTime, (byte)DhcpOption.RebindingTime, (byte)DhcpOption.DomainSearch,
    ];

    private static readonly InternetAddress Everybody = InternetAddress.FromIpv4(uint.MaxValue);

    private Outgoing _outgoing;
    private bool _hasOutgoing;

    /// <summary>Whether <see cref="TryGetMessage"/> has one.</summary>
    public bool HasMessage => _hasOutgoing;

    /// <summary>Takes the message that is to be sent, if there is one.</summary>
    /// <param name="octets">Where it goes: at least <see cref="MaxMessageLength"/>.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="destination">To whom: 255.255.255.255, or a server.</param>
    /// <exception cref="ArgumentException">Too little room.</exception>
    public bool TryGetMessage(Span<byte> octets, out int length, out InternetAddress destination)
    {
        if (octets.Length < MaxMessageLength)
            throw new ArgumentException($"a message may need {MaxMessageLength} octets, and there are {octets.Length}", nameof(octets));
        length = 0;
        destination = _outgoing.Destination;
        if (!_hasOutgoing) return false;
        _hasOutgoing = false;
        length = Write(octets[..MaxMessageLength], in _outgoing);
        return true;
    }

    /// <summary>RFC 2131 table 5: what each message holds.</summary>
    private int Write(Span<byte> octets, in Outgoing what)
    {
        // Without an address, unicast could not reach us: the client asks for broadcast (RFC 2131 4.1).
        bool asks = what.Type is DhcpMessageType.Discover or DhcpMessageType.Request;
        bool broadcast = asks && what.ClientAddress.IsUnspecified;
        DhcpMessageWriter writer = new(octets, _options, _transactionId, what.Seconds, broadcast, what.ClientAddress);
        writer.Add(DhcpOption.MessageType, (byte)what.Type);
        Span<byte> clientId = stackalloc byte[64];
        writer.Add(DhcpOption.ClientId, clientId[.._options.WriteClientId(clientId)]);
        if (!what.Requested.IsUnspecified) writer.Add(DhcpOption.RequestedAddress, what.Requested);
        if (!what.Server.IsUnspecified) writer.Add(DhcpOption.ServerId, what.Server);
        if (!asks) return writer.Finish();
        if (_options.HostName is { } hostName)
        {
            Span<byte> text = stackalloc byte[63];
            writer.Add(DhcpOption.HostName, text[..System.Text.Encoding.ASCII.GetBytes(hostName, text)]);
        }
        writer.Add(DhcpOption.MaxMessageSize, (ushort)MaxReceivedLength);
        writer.Add(DhcpOption.ParameterRequestList, Parameters);
        return writer.Finish();
    }

    private void Queue(in Outgoing what)
    {
        _outgoing = what;
        _hasOutgoing = true;
    }

    /// <summary>secs: since when the client tries to get an address or to keep it.</summary>
    private ushort SecondsAt(Timestamp now) => (ushort)Math.Min((now - _began).Milliseconds / 1_000, ushort.MaxValue);

    private readonly record struct Outgoing(
        DhcpMessageType Type,
        InternetAddress ClientAddress,
        InternetAddress Requested,
        InternetAddress Server,
        InternetAddress Destination,
        ushort Seconds);
}
