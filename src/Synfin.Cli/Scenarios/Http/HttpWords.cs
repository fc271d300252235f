using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using Synfin.Timers;

namespace Synfin.Cli.Scenarios.Http;

/// <summary>Times, amounts and failures in words.</summary>
internal static class HttpWords
{
    /// <summary>For example 20 ms, 1.02 s, 60 s.</summary>
    public static string Time(Duration time) => time < Duration.FromSeconds(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{time.Nanoseconds / 1e6:0.##} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Seconds:0.###} s");

    /// <summary>For example 1 round trip, 1.5 round trips.</summary>
    public static string RoundTrips(Duration time)
    {
        string number = Number(HttpFigures.RoundTrips(time));
        return number == "1" ? "1 round trip" : $"{number} round trips";
    }

    /// <summary>At most one decimal.</summary>
    public static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>A number with its noun: 1 segment, 7 segments.</summary>
    public static string Count(long number, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {noun}{(number == 1 ? "" : "s")}");

    /// <summary>TLS 1.3, TLS 1.2.</summary>
    public static string Name(SslProtocols protocol) => protocol switch
    {
        SslProtocols.Tls12 => "TLS 1.2",
        SslProtocols.Tls13 => "TLS 1.3",
        _ => "TLS",
    };

    /// <summary>For example "HttpRequestException (ConnectionError)"; its causes are <see cref="Causes"/>.</summary>
    public static string Describe(Exception e) => e switch
    {
        HttpRequestException request => $"{nameof(HttpRequestException)} ({request.HttpRequestError})",
        HttpIOException io => $"{nameof(HttpIOException)} ({io.HttpRequestError})",
        SocketException socket => $"{nameof(SocketException)} ({socket.SocketErrorCode})",
        _ => e.GetType().Name,
    };

    /// <summary>The exceptions inside, from the outermost: "IOException, SocketException (ConnectionReset)".</summary>
    public static string Causes(Exception e)
    {
        List<string> causes = [];
        for (Exception? inner = e.InnerException; inner is not null; inner = inner.InnerException) causes.Add(Describe(inner));
        return string.Join(", ", causes);
    }
}
