namespace Synfin.Dns;

/// <summary>How a question ended.</summary>
internal enum DnsOutcomeKind
{
    /// <summary>With addresses.</summary>
    Addresses,

    /// <summary>The name has none of this family.</summary>
    NoData,

    /// <summary>The name is not there.</summary>
    NoName,

    /// <summary>Nobody answered usefully.</summary>
    Failed,
}
