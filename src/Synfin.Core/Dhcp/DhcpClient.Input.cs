using System.Text;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Dhcp;

/// <summary>What servers say.</summary>
public sealed partial class DhcpClient
{
    /// <summary>A datagram came to the client's port.</summary>
    /// <param name="udpPayload">The message.</param>
    /// <param name="from">Who sent it.</param>
    /// <param name="now">The time.</param>
    /// <returns>Whether it was for this client, and of use now; all others are ignored.</returns>
    public bool Input(ReadOnlySpan<byte> udpPayload, InternetAddress from, Timestamp now)
    {
        if (!from.IsIpv4 || from.IsUnspecified) return false; // clients without an address send so, servers do not
        if (DhcpMessage.TryParse(udpPayload, out DhcpMessage message) != DhcpError.None || !IsForUs(in message)) return false;
        return (State, message.Type) switch
        {
            (DhcpState.Selecting, DhcpMessageType.Offer) => OfferArrives(in message, now),
            (DhcpState.Requesting or DhcpState.Rebooting, DhcpMessageType.Ack) => AckArrives(in message, _wanted, now),
            (DhcpState.Renewing or DhcpState.Rebinding, DhcpMessageType.Ack) => AckArrives(in message, Lease!.Address.Address, now),
            (DhcpState.Requesting or DhcpState.Rebooting or DhcpState.Renewing or DhcpState.Rebinding, DhcpMessageType.Nak) =>
                NakArrives(in message, now),
            _ => false, // too late, twice, or a server that does not keep to the order
        };
    }

    private bool IsForUs(in DhcpMessage message) =>
        message.IsReply
        && message.TransactionId == _transactionId
        && message.HardwareType == _options.HardwareType
        && message.HardwareAddress.SequenceEqual(_options.HardwareAddress.Span);

    private bool OfferArrives(in DhcpMessage message, Timestamp now)
    {
        if (DhcpLeaseReader.Read(in message, now, _random) is not { } offer) return false;
        State = DhcpState.Requesting;
        (_wanted, _server) = (offer.Address.Address, offer.ServerId);
        _exchangeBegan = now; // the same transaction goes on (RFC 2131 4.4.1), but the lease counts from the request
        _tries = 0;
        SendRequest(now);
        return true;
    }

    private bool AckArrives(in DhcpMessage message, InternetAddress address, Timestamp now)
    {
        if (DhcpLeaseReader.Read(in message, _exchangeBegan, _random) is not { } lease) return false;
        if (lease.Address.Address != address || lease.Expires <= now || !IsFromOurServer(lease.ServerId)) return false;
        Lease = lease;
        Version++;
        State = DhcpState.Bound;
        NextDeadline = lease.Renews;
        _hasOutgoing = false;
        _refusals = 0;
        LastRefusal = null;
        return true;
    }

    /// <summary>
    /// RFC 2131 3.1.5, 4.4.5: the address is not ours, at once. The first time the client begins anew at once, too; a server that goes on
    /// refusing what it offers is asked ever more seldom.
    /// </summary>
    private bool NakArrives(in DhcpMessage message, Timestamp now)
    {
        if (!message.TryGetAddress(DhcpOption.ServerId, out InternetAddress server) || !IsFromOurServer(server)) return false;
        LastRefusal = ReadMessage(in message);
        LoseLease();
        _hasOutgoing = false;
        ToInit(_refusals == 0 ? now : now + Backoff(_refusals - 1));
        _refusals++;
        return true;
    }

    /// <summary>In REQUESTING the server that was chosen, in RENEWING the one that was asked, else any.</summary>
    private bool IsFromOurServer(InternetAddress server) => State switch
    {
        DhcpState.Requesting => server == _server,
        DhcpState.Renewing => server == Lease!.ServerId,
        _ => true,
    };

    private static string? ReadMessage(in DhcpMessage message)
    {
        Span<byte> buffer = stackalloc byte[DhcpMessage.MaxOptionLength];
        if (!message.TryGetOption(DhcpOption.Message, buffer, out ReadOnlySpan<byte> value)) return null;
        Span<byte> text = buffer[..value.Length];
        foreach (ref byte octet in text)
        {
            if (octet is < 0x20 or > 0x7E) octet = (byte)'?';
        }
        return Encoding.ASCII.GetString(text);
    }
}
