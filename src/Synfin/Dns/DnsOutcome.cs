using Synfin.Wire;

namespace Synfin.Dns;

/// <summary>How a question ended.</summary>
/// <param name="Kind">In which way.</param>
/// <param name="Addresses">The addresses, if there are any.</param>
/// <param name="Story">What happened, for people; empty if there are addresses.</param>
/// <param name="Ttl">For how many seconds that is true.</param>
internal sealed record DnsOutcome(DnsOutcomeKind Kind, IReadOnlyList<InternetAddress> Addresses, string Story, uint Ttl);
