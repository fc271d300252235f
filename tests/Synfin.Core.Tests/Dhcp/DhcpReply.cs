using System.Buffers.Binary;
using Synfin.Dhcp;
using Synfin.Wire;

namespace Synfin.Core.Tests.Dhcp;

/// <summary>A server's message, written by hand and independent of the client's code.</summary>
internal sealed class DhcpReply(DhcpMessageType type, uint transactionId)
{
    public static readonly byte[] Mac = [0x02, 0, 0, 0, 0, 0x2A];

    private readonly List<byte> _options = [99, 130, 83, 99, 53, 1, (byte)type];

    public string YourAddress { get; set; } = "10.0.0.50";

    public byte[] Hardware { get; set; } = Mac;

    public byte Operation { get; set; } = 2;

    public byte[] File { get; set; } = [];

    public byte[] ServerName { get; set; } = [];

    /// <summary>The usual answer: server 10.0.0.1, one hour, /24, a router and a DNS server.</summary>
    public static DhcpReply Usual(DhcpMessageType type, uint transactionId, uint seconds = 3_600) => new DhcpReply(type, transactionId)
        .With(DhcpOption.ServerId, 10, 0, 0, 1)
        .With(DhcpOption.LeaseTime, Big(seconds))
        .With(DhcpOption.SubnetMask, 255, 255, 255, 0)
        .With(DhcpOption.Router, 10, 0, 0, 1)
        .With(DhcpOption.DnsServers, 10, 0, 0, 2, 10, 0, 0, 3);

    public static byte[] Big(uint number)
    {
        byte[] octets = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(octets, number);
        return octets;
    }

    public DhcpReply With(DhcpOption option, params byte[] value)
    {
        _options.Add((byte)option);
        _options.Add((byte)value.Length);
        _options.AddRange(value);
        return this;
    }

    public DhcpReply Raw(params byte[] octets)
    {
        _options.AddRange(octets);
        return this;
    }

    public byte[] ToOctets(bool end = true)
    {
        byte[] head = new byte[236];
        head[0] = Operation;
        head[1] = 1;
        head[2] = (byte)Hardware.Length;
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(4), transactionId);
        InternetAddress.Parse(YourAddress).WriteTo(head.AsSpan(16));
        Hardware.CopyTo(head, 28);
        ServerName.CopyTo(head, 44);
        File.CopyTo(head, 108);
        return [.. head, .. _options, .. end ? [255] : Array.Empty<byte>()];
    }
}
