namespace Synfin.Dns;

/// <summary>What is asked, in the class IN.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">What of it.</param>
internal readonly record struct DnsQuestion(DnsName Name, DnsRecordType Type);
