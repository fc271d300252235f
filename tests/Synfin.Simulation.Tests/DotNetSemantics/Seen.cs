using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Synfin.Simulation.Tests.DotNetSemantics;

/// <summary>What an application saw in one step.</summary>
/// <param name="Step">Of what.</param>
/// <param name="What">A value, or exceptions from the outside in, with their codes.</param>
/// <param name="Message">The messages of exceptions that come from the network; addresses are left out.</param>
internal sealed partial record Seen(string Step, string What, string Message = "")
{
    public static Seen Value(string step, object? value) => new(step, value switch
    {
        null => "null",
        string text => text,
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    });

    public static Seen Failure(string step, Exception failure)
    {
        List<Exception> chain = [];
        for (Exception? e = failure; e is not null; e = e.InnerException)
        {
            // What a cancellation broke off is chance: whatever waited just then. A time-out inside it says why.
            if (!chain.Exists(outer => outer is OperationCanceledException) || e is TimeoutException) chain.Add(e);
        }
        IEnumerable<string> messages = chain.Where(e => e is IOException or SocketException or HttpRequestException).Select(e => e.Message);
        string message = Address().Replace(string.Join(" < ", messages), "PEER");
        return new Seen(step, string.Join(" < ", chain.Select(Name)), message);
    }

    /// <summary>What a <see cref="Difference"/> quotes: the message if only that differs.</summary>
    public string Against(Seen other) => What == other.What ? Message : What;

    private static string Name(Exception e) => e switch
    {
        SocketException socket => $"SocketException({socket.SocketErrorCode})",
        HttpRequestException http => $"HttpRequestException({http.HttpRequestError})",
        HttpIOException http => $"HttpIOException({http.HttpRequestError})",
        ArgumentException argument => $"{argument.GetType().Name}({argument.ParamName})",
        _ => e.GetType().Name,
    };

    [GeneratedRegex(@"(localhost|\bb|\d+\.\d+\.\d+\.\d+)(:| port )\d+")]
    private static partial Regex Address();
}
