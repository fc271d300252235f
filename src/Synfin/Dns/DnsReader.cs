using System.Buffers.Binary;

namespace Synfin.Dns;

/// <summary>
/// Reads a message from its start to its end (RFC 1035 4.1). Whatever the octets are, reading ends and does not throw. Allocates nothing.
/// </summary>
internal ref struct DnsReader
{
    /// <summary>The octets of the header.</summary>
    public const int HeaderLength = 12;

    /// <summary>The class IN.</summary>
    public const ushort ClassIn = 1;

    private const int RecordFixedLength = 10;

    private readonly ReadOnlySpan<byte> _message;

    private DnsReader(ReadOnlySpan<byte> message)
    {
        _message = message;
        Position = HeaderLength;
    }

    /// <summary>Where the next part begins.</summary>
    public int Position { get; set; }

    /// <summary>The transaction id.</summary>
    public readonly ushort Id => Field(0);

    /// <summary>QR: whether it is an answer.</summary>
    public readonly bool IsResponse => _message[2] >> 7 == 1;

    /// <summary>OPCODE: 0 is a plain query.</summary>
    public readonly int Opcode => _message[2] >> 3 & 15;

    /// <summary>TC: whether there was more than fitted.</summary>
    public readonly bool IsTruncated => (_message[2] & 2) != 0;

    /// <summary>RA: whether the server asks others.</summary>
    public readonly bool RecursionAvailable => _message[3] >> 7 == 1;

    /// <summary>RCODE, without the part that EDNS adds.</summary>
    public readonly int ResponseCode => _message[3] & 15;

    /// <summary>QDCOUNT.</summary>
    public readonly int QuestionCount => Field(4);

    /// <summary>ANCOUNT.</summary>
    public readonly int AnswerCount => Field(6);

    /// <summary>NSCOUNT.</summary>
    public readonly int AuthorityCount => Field(8);

    /// <summary>ARCOUNT.</summary>
    public readonly int AdditionalCount => Field(10);

    /// <summary>Looks at the header.</summary>
    public static bool TryBegin(ReadOnlySpan<byte> message, out DnsReader reader)
    {
        bool has = message.Length >= HeaderLength;
        reader = has ? new DnsReader(message) : default;
        return has;
    }

    /// <summary>Reads a question, and says whether it is this one.</summary>
    public bool TryReadQuestion(in DnsQuestion expected)
    {
        Span<byte> name = stackalloc byte[DnsName.MaxOctets];
        int at = Position;
        if (!DnsName.TryRead(_message, ref at, name, out int length) || at + 4 > _message.Length) return false;
        Position = at + 4;
        return expected.Name.Octets.SequenceEqual(name[..length])
            && Field(at) == (ushort)expected.Type
            && Field(at + 2) == ClassIn;
    }

    /// <summary>Reads a record.</summary>
    /// <param name="owner">Its owner's name goes here: at least <see cref="DnsName.MaxOctets"/>.</param>
    /// <param name="record">The rest.</param>
    public bool TryReadRecord(scoped Span<byte> owner, out DnsRecord record)
    {
        record = default;
        int at = Position;
        if (!DnsName.TryRead(_message, ref at, owner, out int length) || at + RecordFixedLength > _message.Length) return false;
        int dataLength = Field(at + 8);
        int dataOffset = at + RecordFixedLength;
        if (dataOffset + dataLength > _message.Length) return false;
        uint ttl = BinaryPrimitives.ReadUInt32BigEndian(_message[(at + 4)..]);
        record = new DnsRecord(length, (DnsRecordType)Field(at), Field(at + 2), ttl, dataOffset, dataLength);
        Position = dataOffset + dataLength;
        return true;
    }

    private readonly ushort Field(int at) => BinaryPrimitives.ReadUInt16BigEndian(_message[at..]);
}
