using Synfin.Wire;

namespace Synfin.Dns;

/// <summary>What is to be learned of a message.</summary>
/// <param name="Kind">What it is.</param>
internal readonly record struct DnsAnswer(DnsAnswerKind Kind)
{
    /// <summary>The addresses.</summary>
    public IReadOnlyList<InternetAddress> Addresses { get; init; } = [];

    /// <summary>For how many seconds it may be kept: the least of all records that led to it; 0 for not at all.</summary>
    public uint Ttl { get; init; }

    /// <summary>What an alias leads to.</summary>
    public DnsName? Alias { get; init; }

    /// <summary>How many aliases led there.</summary>
    public int AliasCount { get; init; }

    /// <summary>What went wrong, as the end of a sentence that begins with the server.</summary>
    public string? Trouble { get; init; }
}
