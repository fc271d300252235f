using System.Net;
using System.Net.Security;
using Synfin.Simulation;
using Synfin.Sockets;
using Synfin.Timers;

namespace Synfin.Cli.Scenarios.Http;

/// <summary>The client: HttpClient, its requests, and when its connections became what they are.</summary>
internal sealed class HttpVisitor : IDisposable
{
    private readonly SimulatedNetwork _network;
    private readonly HttpPlan _plan;
    private readonly HttpClient _client;

    public HttpVisitor(SimulatedNetwork network, HttpPlan plan)
    {
        _network = network;
        _plan = plan;
        _client = new HttpClient(Handler())
        {
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            DefaultRequestVersion = plan.Mode switch
            {
                HttpMode.Http10 => HttpVersion.Version10,
                HttpMode.KeepAlive => HttpVersion.Version11,
                HttpMode.Http2 => HttpVersion.Version20,
                _ => throw new System.Diagnostics.UnreachableException(),
            },
        };
        if (plan.AsksToClose) _client.DefaultRequestHeaders.ConnectionClose = true;
    }

    /// <summary>The connections that were made or tried, in their order.</summary>
    public List<HttpDial> Dials { get; } = [];

    /// <summary>Makes one request and reads the answer to its end.</summary>
    public async Task<HttpOutcome> Get()
    {
        Timestamp start = _network.Now;
        HttpStatusCode? status = null;
        long octets = 0;
        long? announced = null;
        bool closes = false;
        Exception? error = null;
        try
        {
            using CancellationTokenSource patience = new(HttpPlan.Patience.ToTimeSpan(), _network.TimeProvider);
            using HttpResponseMessage response = await _client.GetAsync(
                _plan.Uri, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            (status, announced) = (response.StatusCode, response.Content.Headers.ContentLength);
            closes = response.Headers.ConnectionClose is true;
            await using Stream body = await response.Content.ReadAsStreamAsync(patience.Token);
            byte[] buffer = new byte[65_536];
            int count;
            while ((count = await body.ReadAsync(buffer, patience.Token)) > 0) octets += count;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            error = e;
        }
        return new HttpOutcome(start, _network.Now, status, octets, announced, closes, error);
    }

    /// <summary>Closes the connections that are kept.</summary>
    public void Dispose() => _client.Dispose();

    private SocketsHttpHandler Handler()
    {
        SocketsHttpHandler handler = _network[HttpPlan.Client].Tcp.CreateHttpHandler();
        Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect = handler.ConnectCallback!;
        handler.ConnectCallback = async (context, ct) =>
        {
            HttpDial dial = new() { Start = _network.Now };
            lock (Dials) Dials.Add(dial);
            Stream stream = await connect(context, ct);
            dial.Established = _network.Now;
            return stream;
        };
        if (!_plan.Tls) return handler;
        handler.SslOptions = new SslClientAuthenticationOptions
        {
            AllowTlsResume = false,
            RemoteCertificateValidationCallback = DemoCertificate.IsTrusted,
        };
        handler.PlaintextStreamFilter = (context, _) =>
        {
            lock (Dials)
            {
                Dials[^1].Secured = _network.Now;
                if (context.PlaintextStream is SslStream tls) Dials[^1].Protocol = tls.SslProtocol;
            }
            return new(context.PlaintextStream);
        };
        return handler;
    }
}
