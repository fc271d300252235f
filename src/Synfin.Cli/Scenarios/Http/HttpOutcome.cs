using System.Net;
using Synfin.Timers;

namespace Synfin.Cli.Scenarios.Http;

/// <summary>What became of a request, as the application that made it saw it.</summary>
/// <param name="Start">When it asked.</param>
/// <param name="End">When it had the answer, or knew that it would get none.</param>
/// <param name="Status">The response's status; null if no whole header came.</param>
/// <param name="Octets">Octets of the body that it read.</param>
/// <param name="Announced">Content-Length; null if there was none.</param>
/// <param name="Closes">Whether the response said "Connection: close".</param>
/// <param name="Error">What HttpClient threw; null if all went well.</param>
internal sealed record HttpOutcome(
    Timestamp Start, Timestamp End, HttpStatusCode? Status, long Octets, long? Announced, bool Closes, Exception? Error)
{
    /// <summary>How long it took.</summary>
    public Duration Time => End - Start;
}
