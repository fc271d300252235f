// A retry policy, proved against three faults: Kestrel on host b, HttpClient on host a, and Polly between the two. The policy's clock is
// the network's, so that all of its waiting takes no time, and every figure is exact.
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Polly;
using Polly.Timeout;
using RetryPolicy;
using Synfin.Simulation;
using Synfin.Simulation.Faults;
using Synfin.Sockets;
using Synfin.Timers;

// HttpClient goes on connecting for five real seconds when a request is given up, so that a later request may have the connection. In
// virtual time that is for ever: a connection attempt is to end with its request.
AppContext.SetData("System.Net.SocketsHttpHandler.PendingConnectionTimeoutOnRequestCompletion", 0);

Console.WriteLine("1. The server resets the connection in mid-response.");
Outcome outcome = await Get(faults: _ => { }, resetsFirst: true);
Claims.Hold(outcome is { Page: Site.Page, Failed: [{ Error: nameof(SocketError.ConnectionReset) }] }, "the second try has all of the page");
Claims.Hold(outcome.End < Seconds(1.1), "it cost the first pause, a second, and no timeout");

Console.WriteLine();
Console.WriteLine("2. The page ends with a FIN, and for 5.5 s every FIN is lost.");
outcome = await Get(faults: net => LoseFor(net, "every FIN from b", Seconds(5.5)), HttpVersion.Version10);
Claims.Hold(outcome is { Page: Site.Page, Failed: [{ Error: nameof(TimeoutRejectedException) }] }, "the second try has all of the page");
Claims.Hold(outcome.Failed[0].Took == Seconds(5), "the first had it, too, and could not know: the policy ended it after 5 s");

Console.WriteLine();
Console.WriteLine("3. A black hole: for 20 s, every SYN from a is lost.");
outcome = await Get(faults: net => LoseFor(net, "every SYN from a", Seconds(20)));
Claims.Hold(outcome.Page == Site.Page && outcome.Failed.All(f => f.Error == nameof(TimeoutRejectedException)), "the last try has the page");
TimeSpan fourthTry = Seconds(5 + 1 + 5 + 2 + 5 + 4);
Claims.Hold(outcome.Failed.Count == 3 && outcome.End - fourthTry < Seconds(0.1), "before it: three tries of 5 s, pauses of 1, 2 and 4 s");

static async Task<Outcome> Get(Action<SimulatedNetwork> faults, Version? httpVersion = null, bool resetsFirst = false)
{
    // Nothing else runs in this process: time may wait for the applications as long as they need, on however busy a machine.
    var options = new SimulationOptions { Mode = SimulationMode.Hosted, MaxQuietTime = TimeSpan.FromSeconds(30) };
    using var net = SimulatedNetwork.TwoHosts(options, new SimulatedLinkOptions { Delay = Duration.FromMilliseconds(10) });
    await using WebApplication site = await Site.Start(net["b"].Tcp, resetsFirst);
    using HttpClient client = net["a"].Tcp.CreateHttpClient();
    client.DefaultRequestVersion = httpVersion ?? HttpVersion.Version11;
    faults(net);

    List<FailedTry> failed = [];
    ResiliencePipeline<string> policy = Policy.Create(net.TimeProvider, retry =>
    {
        string error = NameOf(retry.Outcome.Exception!);
        failed.Add(new FailedTry(retry.Duration, error));
        string took = $"{retry.Duration.TotalSeconds:0.000} s";
        Print(net, $"try {failed.Count} failed after {took}: {error}; next in {retry.RetryDelay.TotalSeconds} s");
    });
    string page = await policy.ExecuteAsync(async ct => await client.GetStringAsync("http://b/", ct));
    TimeSpan end = net.Now.Seconds * Seconds(1);
    Print(net, $"try {failed.Count + 1} succeeded: '{page}'");
    return new Outcome(page, failed, end);
}

static void LoseFor(SimulatedNetwork net, string segments, TimeSpan time)
{
    SegmentRule rule = net.AddRule(segments);
    net.At(net.Now + Duration.FromTimeSpan(time), () => net.RemoveRule(rule));
}

static string NameOf(Exception failure) =>
    failure.GetBaseException() is SocketException socket && failure is HttpRequestException
        ? socket.SocketErrorCode.ToString()
        : failure.GetType().Name;

static void Print(SimulatedNetwork net, string text) => Console.WriteLine($"{net.Now.Seconds,8:0.000} s  {text}");

static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

internal sealed record FailedTry(TimeSpan Took, string Error);

internal sealed record Outcome(string Page, IReadOnlyList<FailedTry> Failed, TimeSpan End);
