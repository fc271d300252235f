using Synfin.Simulation.Faults;
using Synfin.Timers;

namespace Synfin.Cli.Scenarios.Http;

/// <summary>What HttpClient is to ask of Kestrel, and over which network.</summary>
internal sealed record HttpPlan
{
    /// <summary>The left host: HttpClient.</summary>
    public const string Client = "client";

    /// <summary>The right host: Kestrel.</summary>
    public const string Server = "server";

    /// <summary>The link's delay, each way.</summary>
    public static readonly Duration Delay = Duration.FromMilliseconds(10);

    /// <summary>How long HttpClient waits for an answer: as HttpClient.Timeout, which is real time, does, but in virtual time.</summary>
    public static readonly Duration Patience = Duration.FromSeconds(100);

    /// <summary>How connections are used.</summary>
    public HttpMode Mode { get; init; } = HttpMode.KeepAlive;

    /// <summary>Whether TLS lies between.</summary>
    public bool Tls { get; init; }

    /// <summary>How many requests, one after the other.</summary>
    public int Requests { get; init; } = 1;

    /// <summary>The seed.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The rules of <c>--lose</c>.</summary>
    public IReadOnlyList<string> Lose { get; init; } = [];

    /// <summary>What the server sends as the body.</summary>
    public string Body { get; init; } = "Hello, world\n";

    /// <summary>Whether the response has Content-Length; without it, the end of the connection is the end of the body.</summary>
    public bool AnnouncesLength { get; init; } = true;

    /// <summary>Whether the request says "Connection: close".</summary>
    public bool AsksToClose { get; init; }

    /// <summary>What becomes of the server's stream, in the words of <see cref="StreamFaultGrammar"/>; null for nothing.</summary>
    public string? Fault { get; init; }

    /// <summary>80, and 443 with TLS.</summary>
    public ushort Port => Tls ? (ushort)443 : (ushort)80;

    /// <summary>What is asked for.</summary>
    public Uri Uri => new($"{(Tls ? "https" : "http")}://{Server}/");

    /// <summary>The mode in words.</summary>
    public string ModeName => Mode switch
    {
        HttpMode.Http10 => "HTTP/1.0, one each",
        HttpMode.KeepAlive => "HTTP/1.1, one kept",
        HttpMode.Http2 => "HTTP/2, one kept",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
