using System.Buffers.Binary;
using Synfin.Wire;

namespace Synfin.Stack;

/// <summary>
/// The Toeplitz hash of receive-side scaling, which says at which of several shards a connection is at home. Its key comes from the secret:
/// who knew it could send all connections to one shard.
/// </summary>
/// <remarks>A table for each octet of the input turns the bit matrix into one look-up an octet.</remarks>
public sealed class RssHash
{
    private const int Ipv4Octets = 12;
    private const int Ipv6Octets = 36;
    private const int KeyOctets = Ipv6Octets + sizeof(uint);

    private readonly uint[] _tables = new uint[Ipv6Octets * 256];

    /// <summary>The hash of a secret.</summary>
    public RssHash(StackSecret secret)
    {
        Span<byte> key = stackalloc byte[KeyOctets];
        for (int i = 0; i < KeyOctets; i += sizeof(ulong))
            BinaryPrimitives.WriteUInt64LittleEndian(key[i..], SipHash.Hash13(in secret, (ulong)i, (ulong)HashDomain.Rss));
        Fill(key);
    }

    /// <summary>The hash with a key of 40 octets, such as those that network cards are tested with.</summary>
    internal RssHash(ReadOnlySpan<byte> key) => Fill(key);

    /// <summary>At home at which of <paramref name="shards"/>: 0 to <paramref name="shards"/> - 1.</summary>
    public int ShardOf(in FourTuple tuple, int shards) => (int)((ulong)Hash(in tuple) * (uint)shards >> 32);

    /// <summary>The hash over remote address, local address, remote port, local port: the order of a packet that arrives.</summary>
    public uint Hash(in FourTuple tuple)
    {
        Span<byte> input = stackalloc byte[Ipv6Octets];
        int length = tuple.RemoteAddress.WriteTo(input);
        length += tuple.LocalAddress.WriteTo(input[length..]);
        BinaryPrimitives.WriteUInt16BigEndian(input[length..], tuple.RemotePort);
        BinaryPrimitives.WriteUInt16BigEndian(input[(length + 2)..], tuple.LocalPort);
        length += 4;
        uint hash = 0;
        for (int i = 0; i < length; i++) hash ^= _tables[i << 8 | input[i]];
        return hash;
    }

    private void Fill(ReadOnlySpan<byte> key)
    {
        for (int octet = 0; octet < Ipv6Octets; octet++)
        {
            ulong window = (ulong)BinaryPrimitives.ReadUInt32BigEndian(key[octet..]) << 8 | (octet + 4 < KeyOctets ? key[octet + 4] : 0u);
            for (int value = 0; value < 256; value++)
            {
                uint sum = 0;
                for (int bit = 0; bit < 8; bit++)
                {
                    if ((value & 0x80 >> bit) != 0) sum ^= (uint)(window >> (8 - bit));
                }
                _tables[octet << 8 | value] = sum;
            }
        }
    }
}
