using System.Buffers.Binary;
using Synfin.Wire;

namespace Synfin.Dns;

/// <summary>Finds the answer to a question in a message, if it is one. Whatever the octets are, it ends and does not throw.</summary>
internal ref struct DnsAnswerReader
{
    /// <summary>The most addresses that are taken of one answer.</summary>
    public const int MaxAddresses = 64;

    /// <summary>The most aliases on the way to an address.</summary>
    public const int MaxAliases = 16;

    private const int FormatError = 1;
    private const int NameError = 3;
    private const int NotImplemented = 4;
    private const int SoaNumbersLength = 20;

    private readonly ReadOnlySpan<byte> _message;
    private readonly DnsQuestion _question;
    private readonly Span<byte> _owner;
    private readonly Span<byte> _name;
    private DnsReader _reader;
    private int _nameLength;
    private int _extendedCode;
    private uint _ttl;
    private uint? _negativeTtl;
    private bool _hasNameServer;

    private DnsAnswerReader(ReadOnlySpan<byte> message, DnsReader reader, in DnsQuestion question, Span<byte> owner, Span<byte> name)
    {
        _message = message;
        _reader = reader;
        _question = question;
        _owner = owner;
        _name = name;
        _ttl = uint.MaxValue;
        question.Name.Octets.CopyTo(name);
        _nameLength = question.Name.Octets.Length;
    }

    private readonly ReadOnlySpan<byte> Name => _name[.._nameLength];

    /// <summary>Reads a message.</summary>
    /// <param name="message">What arrived.</param>
    /// <param name="id">The query's transaction id.</param>
    /// <param name="question">What was asked.</param>
    public static DnsAnswer Read(ReadOnlySpan<byte> message, ushort id, in DnsQuestion question)
    {
        if (!DnsReader.TryBegin(message, out DnsReader header)) return new(DnsAnswerKind.NotOurs);
        if (header.Id != id || !header.IsResponse || header.Opcode != 0) return new(DnsAnswerKind.NotOurs);
        int code = header.ResponseCode;
        bool understood = code is not (FormatError or NotImplemented);
        // Who did not understand the question need not repeat it (RFC 1035 4.1.1).
        if (header.QuestionCount == 0 && !understood) return NotUnderstood(code);
        if (header.QuestionCount != 1 || !header.TryReadQuestion(in question)) return new(DnsAnswerKind.NotOurs);
        if (!understood) return NotUnderstood(code);
        if (header.IsTruncated) return new(DnsAnswerKind.Truncated);
        if (code is not (0 or NameError)) return Failure($"answered {NameOf(code)}");
        Span<byte> owner = stackalloc byte[DnsName.MaxOctets], name = stackalloc byte[DnsName.MaxOctets];
        return new DnsAnswerReader(message, header, in question, owner, name).Read(code == NameError);
    }

    private DnsAnswer Read(bool isNameError)
    {
        int answers = _reader.Position;
        if (!Skip(_reader.AnswerCount)) return new(DnsAnswerKind.Malformed);
        int authority = _reader.Position;
        if (!Skip(_reader.AuthorityCount) || !Skip(_reader.AdditionalCount)) return new(DnsAnswerKind.Malformed);
        if (_extendedCode != 0) return NotUnderstood(_extendedCode << 4);
        List<InternetAddress> addresses = [];
        int aliases = 0;
        while (true)
        {
            _reader.Position = answers;
            if (!Look(addresses, out bool isAlias)) return new(DnsAnswerKind.Malformed);
            if (!isAlias || addresses.Count > 0) break;
            if (++aliases > MaxAliases) return Failure($"answered with more than {MaxAliases} aliases");
        }
        if (addresses.Count > 0) return new(DnsAnswerKind.Addresses) { Addresses = addresses, Ttl = _ttl, AliasCount = aliases };
        _reader.Position = authority;
        if (!LookAtAuthority()) return new(DnsAnswerKind.Malformed);
        return WithoutAddresses(isNameError, aliases);
    }

    /// <summary>RFC 2308 2: what it means that there are no addresses.</summary>
    private readonly DnsAnswer WithoutAddresses(bool isNameError, int aliases)
    {
        uint ttl = Math.Min(_ttl, _negativeTtl ?? 0); // without SOA it is not kept (RFC 2308 5)
        if (isNameError) return new(DnsAnswerKind.NoName) { Ttl = ttl, AliasCount = aliases };
        if (aliases > 0 && _negativeTtl is null)
            return new(DnsAnswerKind.Alias) { Alias = DnsName.FromOctets(Name), Ttl = _ttl, AliasCount = aliases };
        bool isReferral = _negativeTtl is null && _hasNameServer && !_reader.RecursionAvailable;
        if (isReferral) return Failure("does not ask others, and knows nothing itself");
        return new(DnsAnswerKind.NoData) { Ttl = ttl, AliasCount = aliases };
    }

    /// <summary>Reads records only to see that they can be read.</summary>
    private bool Skip(int count)
    {
        for (; count > 0; count--)
        {
            if (!_reader.TryReadRecord(_owner, out DnsRecord record)) return false;
            if (record.Type == DnsRecordType.Opt) _extendedCode = (int)(record.RawTtl >> 24);
        }
        return true;
    }

    /// <summary>Looks through the answers for what the present name has; if that is an alias, goes on to its target.</summary>
    private bool Look(List<InternetAddress> addresses, out bool isAlias)
    {
        Span<byte> target = stackalloc byte[DnsName.MaxOctets];
        int targetLength = 0;
        isAlias = false;
        for (int left = _reader.AnswerCount; left > 0; left--)
        {
            if (!_reader.TryReadRecord(_owner, out DnsRecord record)) return false;
            if (record.Class != DnsReader.ClassIn || !Name.SequenceEqual(_owner[..record.OwnerLength])) continue;
            if (record.Type == _question.Type)
            {
                if (!TakeAddress(in record, addresses)) return false;
            }
            else if (record.Type == DnsRecordType.Cname)
            {
                int at = record.DataOffset;
                if (!DnsName.TryRead(_message, ref at, target, out targetLength)) return false;
                if (at != record.DataOffset + record.DataLength) return false;
                isAlias = true;
                _ttl = Math.Min(_ttl, record.Ttl);
            }
        }
        if (!isAlias || addresses.Count > 0) return true;
        target[..targetLength].CopyTo(_name);
        _nameLength = targetLength;
        return true;
    }

    private bool TakeAddress(in DnsRecord record, List<InternetAddress> addresses)
    {
        if (record.DataLength != (record.Type == DnsRecordType.A ? 4 : 16)) return false;
        InternetAddress address = InternetAddress.FromBytes(_message.Slice(record.DataOffset, record.DataLength));
        // A mapped address in an AAAA record would pass for IPv4 here (RFC 4291 2.5.5.2).
        if (address.IsIpv4 != (record.Type == DnsRecordType.A)) return true;
        if (addresses.Count < MaxAddresses && !addresses.Contains(address)) addresses.Add(address);
        _ttl = Math.Min(_ttl, record.Ttl);
        return true;
    }

    /// <summary>Looks for the SOA of the zone that the name would be in: min(its TTL, its MINIMUM) (RFC 2308 5).</summary>
    private bool LookAtAuthority()
    {
        Span<byte> ignored = stackalloc byte[DnsName.MaxOctets];
        for (int left = _reader.AuthorityCount; left > 0; left--)
        {
            if (!_reader.TryReadRecord(_owner, out DnsRecord record)) return false;
            if (record.Class != DnsReader.ClassIn) continue;
            _hasNameServer |= record.Type == DnsRecordType.Ns;
            if (record.Type != DnsRecordType.Soa || !DnsName.IsWithin(Name, _owner[..record.OwnerLength])) continue;
            int at = record.DataOffset, end = record.DataOffset + record.DataLength;
            bool names = DnsName.TryRead(_message, ref at, ignored, out _) && DnsName.TryRead(_message, ref at, ignored, out _);
            if (!names || at + SoaNumbersLength != end) return false;
            _negativeTtl = Math.Min(record.Ttl, BinaryPrimitives.ReadUInt32BigEndian(_message[(end - 4)..]));
        }
        return true;
    }

    private static DnsAnswer NotUnderstood(int code) =>
        new(DnsAnswerKind.NotUnderstood) { Trouble = $"answered {NameOf(code)}" };

    private static DnsAnswer Failure(string trouble) => new(DnsAnswerKind.Failure) { Trouble = trouble };

    private static string NameOf(int code) => code switch
    {
        FormatError => "FORMERR",
        2 => "SERVFAIL",
        NotImplemented => "NOTIMP",
        5 => "REFUSED",
        16 => "BADVERS",
        _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"RCODE {code}"),
    };
}
