using Synfin.Wire;

namespace Synfin.Dns;

/// <summary>Whom a <see cref="DnsResolver"/> asks, and how patiently. The defaults are those of resolv.conf(5).</summary>
public sealed record DnsOptions
{
    /// <summary>The most servers.</summary>
    public const int MaxServers = 8;

    /// <summary>The most domains in the search list.</summary>
    public const int MaxSearch = 32;

    /// <summary>The servers, the preferred one first. They are to ask others themselves (recursive resolvers).</summary>
    public IReadOnlyList<InternetAddress> Servers { get; init; } = [];

    /// <summary>The servers' port, for UDP and TCP.</summary>
    public ushort Port { get; init; } = 53;

    /// <summary>The domains that are tried behind a name that has few dots, in this order.</summary>
    public IReadOnlyList<string> Search { get; init; } = [];

    /// <summary>A name with so many dots is first tried as it is, 0 to 15.</summary>
    public int Ndots { get; init; } = 1;

    /// <summary>How long a server has for one answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often all servers are asked, 1 to 10.</summary>
    public int Attempts { get; init; } = 2;

    /// <summary>Whether each question begins with another server.</summary>
    public bool Rotate { get; init; }

    /// <summary>The most answers that are remembered; the one used longest ago makes room. 0 remembers none.</summary>
    public int MaxCacheEntries { get; init; } = 1_024;

    /// <summary>Answers are remembered at least so long, but those that may not be at all. More than 0 is against RFC 1035 3.2.1.</summary>
    public TimeSpan MinTtl { get; init; }

    /// <summary>Answers are remembered at most so long.</summary>
    public TimeSpan MaxTtl { get; init; } = TimeSpan.FromDays(1);

    /// <summary>That something is not there is remembered at most so long (RFC 2308 5: one to three hours).</summary>
    public TimeSpan MaxNegativeTtl { get; init; } = TimeSpan.FromHours(3);

    /// <summary>The most questions that are with servers at once; more wait.</summary>
    public int MaxQueries { get; init; } = 64;

    /// <summary>The most questions that wait; more fail at once, with TryAgain.</summary>
    public int MaxWaiting { get; init; } = 1_024;

    /// <exception cref="ArgumentException">An option is out of its range; the message says which.</exception>
    internal void Validate()
    {
        if (Servers.Count > MaxServers) throw Wrong(nameof(Servers), $"has {Servers.Count} servers, and {MaxServers} are the most");
        if (Port == 0) throw Wrong(nameof(Port), "is 0");
        if (Search.Count > MaxSearch) throw Wrong(nameof(Search), $"has {Search.Count} domains, and {MaxSearch} are the most");
        foreach (string domain in Search)
        {
            if (!DnsName.TryParse(domain, out _, out string? reason)) throw Wrong(nameof(Search), $"holds '{domain}': {reason}");
        }
        if (Ndots is < 0 or > 15) throw Wrong(nameof(Ndots), $"is {Ndots}: 0 to 15");
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromHours(1)) throw Wrong(nameof(Timeout), $"is {Timeout}: up to an hour");
        if (Attempts is < 1 or > 10) throw Wrong(nameof(Attempts), $"is {Attempts}: 1 to 10");
        if (MaxCacheEntries < 0) throw Wrong(nameof(MaxCacheEntries), "is negative");
        if (MinTtl < TimeSpan.Zero || MaxTtl < MinTtl) throw Wrong(nameof(MinTtl), "is negative, or longer than MaxTtl");
        if (MaxNegativeTtl < TimeSpan.Zero) throw Wrong(nameof(MaxNegativeTtl), "is negative");
        if (MaxQueries < 1) throw Wrong(nameof(MaxQueries), "is at least 1");
        if (MaxWaiting < 0) throw Wrong(nameof(MaxWaiting), "is negative");
    }

    private static ArgumentException Wrong(string option, string what) => new($"DnsOptions.{option} {what}");
}
