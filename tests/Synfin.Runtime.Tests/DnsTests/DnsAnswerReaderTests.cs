using System.Text;
using Synfin.Dns;
using Xunit;

namespace Synfin.Runtime.Tests.DnsTests;

/// <summary>Answers on the wire (RFC 1035 4.1): whatever they are, they are read or refused.</summary>
[Trait("Rfc", "1035 4.1")]
public sealed class DnsAnswerReaderTests
{
    private const ushort Id = 0x1234;

    private static readonly byte[] _name = [3, .. "www"u8, 7, .. "example"u8, 0];

    private static DnsQuestion Question => new(DnsName.FromOctets(_name), DnsRecordType.A);

    private static byte[] Record(byte[] owner, int type, uint ttl, params byte[] data) =>
    [
        .. owner, 0, (byte)type, 0, 1, (byte)(ttl >> 24), (byte)(ttl >> 16), (byte)(ttl >> 8), (byte)ttl,
        (byte)(data.Length >> 8), (byte)data.Length, .. data,
    ];

    private static byte[] Message(byte flags, byte code, int answers, int authority, int additional, params byte[][] records) =>
    [
        0x12, 0x34, flags, code, 0, 1, 0, (byte)answers, 0, (byte)authority, 0, (byte)additional,
        .. _name, 0, 1, 0, 1, .. records.SelectMany(record => record),
    ];

    private static DnsAnswer Read(byte[] message) => DnsAnswerReader.Read(message, Id, Question);

    [Fact]
    public void The_least_time_to_live_of_the_chain_counts_and_a_negative_one_is_zero()
    {
        byte[] alias = Record([0xC0, 12], 5, 20, 1, (byte)'a', 0);
        byte[] first = Record([1, (byte)'A', 0], 1, 30, 1, 2, 3, 4), second = Record([1, (byte)'a', 0], 1, 40, 1, 2, 3, 5);
        DnsAnswer answer = Read(Message(0x81, 0x80, 3, 0, 0, alias, first, second));
        Assert.Equal((DnsAnswerKind.Addresses, 20u, 1), (answer.Kind, answer.Ttl, answer.AliasCount));
        Assert.Equal("1.2.3.4 1.2.3.5", string.Join(' ', answer.Addresses));
        Assert.Equal(0u, Read(Message(0x81, 0x80, 1, 0, 0, Record([0xC0, 12], 1, 0x8000_0000, 1, 2, 3, 4))).Ttl); // RFC 2181 8
    }

    [Fact]
    public void Addresses_of_other_names_classes_and_lengths_do_not_count()
    {
        Assert.Equal(DnsAnswerKind.NoData, Read(Message(0x81, 0x80, 1, 0, 0, Record([0], 1, 1, 1, 2, 3, 4))).Kind);
        byte[] chaos = Record([0xC0, 12], 1, 1, 1, 2, 3, 4);
        chaos[5] = 3;
        Assert.Equal(DnsAnswerKind.NoData, Read(Message(0x81, 0x80, 1, 0, 0, chaos)).Kind);
        Assert.Equal(DnsAnswerKind.Malformed, Read(Message(0x81, 0x80, 1, 0, 0, Record([0xC0, 12], 1, 1, 1, 2, 3))).Kind);
        byte[] mapped = Message(0x81, 0x80, 1, 0, 0, Record([0xC0, 12], 28, 1, [.. new byte[10], 255, 255, 1, 2, 3, 4]));
        mapped[12 + _name.Length + 1] = 28;
        Assert.Equal(DnsAnswerKind.NoData, DnsAnswerReader.Read(mapped, Id, Question with { Type = DnsRecordType.Aaaa }).Kind);
    }

    [Fact]
    [Trait("Rfc", "2308 5")]
    public void An_SOA_counts_if_the_name_is_in_its_zone()
    {
        byte[] data = [0, 0, .. new byte[16], 0, 0, 0, 60];
        Assert.Equal(60u, Read(Message(0x81, 0x83, 0, 1, 0, Record([0xC0, 16], 6, 90, data))).Ttl);
        Assert.Equal(50u, Read(Message(0x81, 0x83, 0, 1, 0, Record([0], 6, 50, data))).Ttl);
        Assert.Equal(0u, Read(Message(0x81, 0x83, 0, 1, 0, Record([1, (byte)'x', 0xC0, 16], 6, 50, data))).Ttl);
        Assert.Equal(DnsAnswerKind.Malformed, Read(Message(0x81, 0x83, 0, 1, 0, Record([0], 6, 50, data[..^1]))).Kind);
    }

    [Fact]
    [Trait("Rfc", "6891 9")]
    public void BADVERS_is_told_in_OPT()
    {
        byte[] opt = [0, 0, 41, 4, 0xD0, 1, 0, 0, 0, 0, 0];
        DnsAnswer answer = Read(Message(0x81, 0x80, 0, 0, 1, opt));
        Assert.Equal((DnsAnswerKind.NotUnderstood, "answered BADVERS"), (answer.Kind, answer.Trouble));
        byte[] formErr = Message(0x81, 0x81, 0, 0, 0)[..12];
        formErr[5] = 0; // without the question
        Assert.Equal(DnsAnswerKind.NotUnderstood, Read(formErr).Kind);
        formErr[3] = 0x82;
        Assert.Equal(DnsAnswerKind.NotOurs, Read(formErr).Kind);
    }

    [Fact]
    public void A_query_is_what_it_should_be()
    {
        byte[] query = new byte[DnsQueryWriter.MaxLength];
        int length = DnsQueryWriter.Write(query, Id, Question, edns: true);
        byte[] expected = [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, .. _name, 0, 1, 0, 1, 0, 0, 41, 4, 0xD0, 0, 0, 0, 0, 0, 0];
        Assert.Equal(expected, query[..length]);
        Assert.Equal(expected.Length - 11, DnsQueryWriter.Write(query, Id, Question, edns: false));
        Assert.Equal(0, query[11]);
    }

    [Fact]
    public void Every_cut_and_every_changed_octet_is_read_or_refused()
    {
        byte[] good = Message(0x81, 0x80, 2, 1, 1,
            Record([0xC0, 12], 5, 20, 1, (byte)'a', 0xC0, 16), Record([1, (byte)'a', 0xC0, 16], 1, 30, 1, 2, 3, 4),
            Record([0xC0, 16], 6, 90, [0, 0, .. new byte[20]]), [0, 0, 41, 4, 0xD0, 0, 0, 0, 0, 0, 0]);
        Assert.Equal(DnsAnswerKind.Addresses, Read(good).Kind);
        for (int length = 0; length < good.Length; length++)
            Assert.Contains(Read(good[..length]).Kind, new[] { DnsAnswerKind.NotOurs, DnsAnswerKind.Malformed });
        for (int at = 0; at < good.Length; at++)
        {
            for (int value = 0; value < 256; value++)
            {
                byte[] changed = [.. good];
                changed[at] = (byte)value;
                if (at < 2 && value != good[at]) Assert.Equal(DnsAnswerKind.NotOurs, Read(changed).Kind);
                else Assert.True(Enum.IsDefined(Read(changed).Kind));
            }
        }
    }

    [Fact]
    public void Random_messages_are_read_or_refused_and_limits_hold()
    {
        int[] seen = new int[Enum.GetValues<DnsAnswerKind>().Length];
        for (int seed = 0; seed < 20_000; seed++)
        {
            Random random = new(seed);
            int records = random.Next(6);
            byte[][] body = [.. Enumerable.Range(0, records).Select(_ => Random(random))];
            int answers = random.Next(records + 1);
            byte code = (byte)(random.Next(3) == 0 ? random.Next(256) : 0x80);
            byte[] message = Message((byte)(random.Next(20) == 0 ? random.Next(256) : 0x81), code, answers, records - answers, 0, body);
            if (random.Next(4) == 0) message[random.Next(message.Length)] = (byte)random.Next(256);
            DnsAnswer answer = Read(message);
            Assert.InRange(answer.Addresses.Count, 0, DnsAnswerReader.MaxAddresses);
            Assert.InRange(answer.AliasCount, 0, DnsAnswerReader.MaxAliases);
            seen[(int)answer.Kind]++;
        }
        Assert.All(seen, count => Assert.True(count > 0, $"a kind was never seen: {string.Join(' ', seen)}"));
    }

    private static byte[] Random(Random random)
    {
        byte[][] owners = [[0xC0, 12], [0xC0, 16], [1, (byte)'a', 0], [0], [0xC0, (byte)random.Next(256)]];
        byte[] data = random.Next(4) switch
        {
            0 => [1, 2, 3, (byte)random.Next(256)],
            1 => owners[random.Next(owners.Length)],
            2 => [0, 0, .. new byte[20]],
            _ => Encoding.ASCII.GetBytes(new string('x', random.Next(30))),
        };
        int[] types = [1, 1, 5, 5, 6, 2, 28, 41];
        return Record(owners[random.Next(owners.Length)], types[random.Next(types.Length)], (uint)random.Next(), data);
    }
}
