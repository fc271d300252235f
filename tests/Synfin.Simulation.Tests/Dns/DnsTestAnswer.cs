using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Synfin.Simulation.Tests.Dns;

/// <summary>A server's answer, written by hand and independent of the resolver's code.</summary>
internal sealed class DnsTestAnswer(DnsTestQuery query, int code = 0)
{
    private readonly List<byte> _answers = [];
    private readonly List<byte> _authority = [];
    private byte[]? _question;
    private int _answerCount;
    private int _authorityCount;

    public int IdOffset { get; set; }

    public bool Truncated { get; set; }

    public bool RecursionAvailable { get; set; } = true;

    /// <summary>Octets at the end that the header knows nothing of, or 0 and fewer: so many are missing.</summary>
    public int Cut { get; set; }

    public static byte[] NameOf(string name)
    {
        IEnumerable<byte[]> labels = name.Split('.', StringSplitOptions.RemoveEmptyEntries).Select(Encoding.ASCII.GetBytes);
        return [.. labels.SelectMany(label => new[] { (byte)label.Length }.Concat(label)), 0];
    }

    public DnsTestAnswer Address(string address, uint ttl = 300, string? owner = null)
    {
        byte[] octets = IPAddress.Parse(address).GetAddressBytes();
        return Record(owner, octets.Length == 4 ? 1 : 28, ttl, octets);
    }

    public DnsTestAnswer Alias(string target, uint ttl = 300, string? owner = null) => Record(owner, 5, ttl, NameOf(target));

    public DnsTestAnswer Soa(string zone, uint ttl, uint minimum)
    {
        byte[] data = [.. NameOf("ns." + zone), .. NameOf("root." + zone), .. new byte[16], .. Big(minimum)];
        _authority.AddRange([.. NameOf(zone), 0, 6, 0, 1, .. Big(ttl), 0, (byte)data.Length, .. data]);
        _authorityCount++;
        return this;
    }

    public DnsTestAnswer NameServer(string zone)
    {
        byte[] data = NameOf("ns." + zone);
        _authority.AddRange([.. NameOf(zone), 0, 2, 0, 1, .. Big(300), 0, (byte)data.Length, .. data]);
        _authorityCount++;
        return this;
    }

    public DnsTestAnswer AboutAnother(string name)
    {
        _question = [.. NameOf(name), .. query.Question[^4..]];
        return this;
    }

    public DnsTestAnswer Record(string? owner, int type, uint ttl, byte[] data)
    {
        byte[] name = owner is null ? [0xC0, 12] : NameOf(owner); // a pointer to the question, as servers write it
        _answers.AddRange([.. name, 0, (byte)type, 0, 1, .. Big(ttl), (byte)(data.Length >> 8), (byte)data.Length, .. data]);
        _answerCount++;
        return this;
    }

    public byte[] ToOctets()
    {
        byte[] header = new byte[12];
        BinaryPrimitives.WriteUInt16BigEndian(header, (ushort)(query.Id + IdOffset));
        header[2] = (byte)(0x81 | (Truncated ? 2 : 0));
        header[3] = (byte)((RecursionAvailable ? 0x80 : 0) | code);
        header[5] = 1;
        header[7] = (byte)_answerCount;
        header[9] = (byte)_authorityCount;
        byte[] whole = [.. header, .. _question ?? query.Question, .. _answers, .. _authority];
        return whole[..^Cut];
    }

    private static byte[] Big(uint number) => [(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number];
}
