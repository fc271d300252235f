using System.Buffers.Binary;
using System.Numerics;
using Synfin.Stack;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Stack;

public sealed class SipHashTests
{
    [Fact]
    public void The_naive_model_gives_the_value_of_the_papers_appendix_A()
    {
        Assert.Equal(0xa129ca6149be45e5, Model(2, 4, Tuples.Secret, Octets(15)));
    }

    [Theory]
    [InlineData(0, 0x726fdb47dd0e0e31)]
    [InlineData(1, 0x93f5f5799a932462)]
    [InlineData(2, 0x3f2acc7f57c29bdb)]
    public void Whole_words_give_the_authors_test_vectors(int words, ulong expected)
    {
        Assert.Equal(expected, SipHash.Hash24(in Tuples.Secret, Words(Octets(8 * words))));
    }

    [Fact]
    public void Words_hash_as_their_octets_do()
    {
        for (int words = 0; words < 40; words++)
        {
            byte[] octets = Octets(8 * words);
            Assert.Equal(Model(2, 4, Tuples.Secret, octets), SipHash.Hash24(in Tuples.Secret, Words(octets)));
            Assert.Equal(Model(1, 3, Tuples.Secret, octets), SipHash.Hash13(in Tuples.Secret, Words(octets)));
        }
    }

    [Fact]
    public void A_tuple_hashes_as_its_words_do()
    {
        FourTuple v4 = Tuples.V4(5);
        FourTuple v6 = Tuples.V6(5);
        ulong addresses = (ulong)v4.LocalAddress.Ipv4 << 32 | v4.RemoteAddress.Ipv4;
        ulong v4Ports = (ulong)v4.LocalPort << 48 | (ulong)v4.RemotePort << 32;
        ulong v6Ports = (ulong)v6.LocalPort << 48 | (ulong)v6.RemotePort << 32;

        Assert.Equal(
            SipHash.Hash24(in Tuples.Secret, addresses, v4Ports | (ulong)HashDomain.Cookie),
            SipHash.HashTuple(in Tuples.Secret, in v4, HashDomain.Cookie));
        Assert.Equal(
            (uint)SipHash.Hash13(in Tuples.Secret, addresses, v4Ports | (ulong)HashDomain.Table),
            SipHash.HashForTable(in Tuples.Secret, in v4));
        ReadOnlySpan<ulong> words =
            [v6.LocalAddress.High, v6.LocalAddress.Low, v6.RemoteAddress.High, v6.RemoteAddress.Low, v6Ports | (ulong)HashDomain.Table];
        Assert.Equal((uint)SipHash.Hash13(in Tuples.Secret, words), SipHash.HashForTable(in Tuples.Secret, in v6));
    }

    [Fact]
    public void Each_part_of_a_tuple_the_domain_and_the_key_change_the_hash()
    {
        foreach (FourTuple tuple in new[] { Tuples.V4(1), Tuples.V6(1) })
        {
            FourTuple reversed = tuple.Reversed;
            FourTuple port = tuple with { LocalPort = 444 };
            FourTuple address = tuple with { LocalAddress = tuple.RemoteAddress };
            ulong hash = SipHash.HashTuple(in Tuples.Secret, in tuple, HashDomain.InitialSequenceNumber);

            Assert.NotEqual(hash, SipHash.HashTuple(in Tuples.Secret, in reversed, HashDomain.InitialSequenceNumber));
            Assert.NotEqual(hash, SipHash.HashTuple(in Tuples.Secret, in port, HashDomain.InitialSequenceNumber));
            Assert.NotEqual(hash, SipHash.HashTuple(in Tuples.Secret, in address, HashDomain.InitialSequenceNumber));
            Assert.NotEqual(hash, SipHash.HashTuple(in Tuples.Secret, in tuple, HashDomain.TimestampOffset));
            Assert.NotEqual(hash, SipHash.HashTuple(in Tuples.OtherSecret, in tuple, HashDomain.InitialSequenceNumber));
        }
    }

    private static byte[] Octets(int count)
    {
        var octets = new byte[count];
        for (int i = 0; i < count; i++) octets[i] = (byte)i;
        return octets;
    }

    private static ulong[] Words(byte[] octets)
    {
        var words = new ulong[octets.Length / 8];
        for (int i = 0; i < words.Length; i++) words[i] = BinaryPrimitives.ReadUInt64LittleEndian(octets.AsSpan(8 * i));
        return words;
    }

    // SipHash-c-d over octets, as section 2 of the paper describes it.
    private static ulong Model(int c, int d, StackSecret key, ReadOnlySpan<byte> m)
    {
        ulong[] v =
        [
            key.Key0 ^ 0x736f6d6570736575, key.Key1 ^ 0x646f72616e646f6d, key.Key0 ^ 0x6c7967656e657261, key.Key1 ^ 0x7465646279746573,
        ];
        var padded = new byte[(m.Length / 8 + 1) * 8];
        m.CopyTo(padded);
        padded[^1] = (byte)m.Length;
        foreach (ulong word in Words(padded))
        {
            v[3] ^= word;
            for (int i = 0; i < c; i++) Round(v);
            v[0] ^= word;
        }
        v[2] ^= 0xff;
        for (int i = 0; i < d; i++) Round(v);
        return v[0] ^ v[1] ^ v[2] ^ v[3];
    }

    private static void Round(ulong[] v)
    {
        HalfRound(v, 0, 1, 2, 3, 13, 16);
        HalfRound(v, 2, 1, 0, 3, 17, 21);
    }

    private static void HalfRound(ulong[] v, int a, int b, int c, int d, int s, int t)
    {
        v[a] += v[b];
        v[c] += v[d];
        v[b] = BitOperations.RotateLeft(v[b], s) ^ v[a];
        v[d] = BitOperations.RotateLeft(v[d], t) ^ v[c];
        v[a] = BitOperations.RotateLeft(v[a], 32);
    }
}
