using System.Buffers.Binary;
using System.Net;
using Synfin.Dhcp;

namespace Synfin.Core.Tests.Dhcp;

/// <summary>A client's message as a server reads it, independent of the client's code.</summary>
internal sealed record DhcpSent(double At, string Destination, byte[] Octets)
{
    public DhcpMessageType Type => (DhcpMessageType)Option(DhcpOption.MessageType)![0];

    public uint TransactionId => BinaryPrimitives.ReadUInt32BigEndian(Octets.AsSpan(4));

    public int Seconds => BinaryPrimitives.ReadUInt16BigEndian(Octets.AsSpan(8));

    public bool Broadcast => Octets[10] == 0x80;

    public string ClientAddress => new IPAddress(Octets.AsSpan(12, 4)).ToString();

    public string? Requested => Option(DhcpOption.RequestedAddress) is { } value ? new IPAddress(value).ToString() : null;

    public string? Server => Option(DhcpOption.ServerId) is { } value ? new IPAddress(value).ToString() : null;

    public byte[]? Option(DhcpOption option)
    {
        for (int at = 240; Octets[at] != 255; at += 2 + Octets[at + 1])
        {
            if (Octets[at] == (byte)option) return Octets[(at + 2)..(at + 2 + Octets[at + 1])];
        }
        return null;
    }
}
