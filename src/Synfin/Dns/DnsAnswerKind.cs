namespace Synfin.Dns;

/// <summary>What a message is to who asked.</summary>
internal enum DnsAnswerKind
{
    /// <summary>No answer to our question: late, of another, or a forgery (RFC 5452 9.1).</summary>
    NotOurs,

    /// <summary>An answer to our question that cannot be read.</summary>
    Malformed,

    /// <summary>There was more than fitted.</summary>
    Truncated,

    /// <summary>Addresses.</summary>
    Addresses,

    /// <summary>The name is an alias, and the server says nothing of what it leads to.</summary>
    Alias,

    /// <summary>The name is there, but has no addresses of this family.</summary>
    NoData,

    /// <summary>The name is not there.</summary>
    NoName,

    /// <summary>The server did not understand the query (FORMERR, NOTIMP, BADVERS), perhaps for its EDNS.</summary>
    NotUnderstood,

    /// <summary>The server did not help: SERVFAIL, REFUSED, a referral, ...</summary>
    Failure,
}
