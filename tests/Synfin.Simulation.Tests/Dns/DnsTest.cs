using System.Net.Sockets;
using Synfin.Dns;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Simulation.Tests.Dns;

/// <summary>A client "c" (10.0.0.9) and two servers "s" (10.0.0.1) and "t" (10.0.0.2), 10 ms from each other, in virtual time.</summary>
[Trait("Needs", "engine")]
public abstract class DnsTest
{
    protected static InternetAddress S { get; } = InternetAddress.Parse("10.0.0.1");

    protected static InternetAddress T { get; } = InternetAddress.Parse("10.0.0.2");

    internal static SimulatedNetwork Network(ulong seed = 1, bool ipv6 = false, SimulationMode mode = SimulationMode.Strict)
    {
        SimulatedNetwork net = new(SimulationOptions.ForTests with { Seed = seed, Mode = mode });
        SimulatedSwitch middle = net.AddSwitch("switch");
        SimulatedLinkOptions link = new() { Delay = Duration.FromMilliseconds(5) };
        InternetAddress own = InternetAddress.Parse("10.0.0.9");
        net.Connect(ipv6 ? net.AddHost("c", null, own, InternetAddress.Parse("2001:db8::9")) : net.AddHost("c", null, own), middle, link);
        net.Connect(net.AddHost("s", null, S), middle, link);
        net.Connect(net.AddHost("t", null, T), middle, link);
        return net;
    }

    internal static DnsResolver Resolver(SimulatedNetwork net, DnsOptions? options = null) =>
        new(net["c"].Tcp, options ?? new DnsOptions { Servers = [S] }, net.TimeProvider);

    internal static DnsTestAnswer NotThere(DnsTestQuery query) => new DnsTestAnswer(query, code: 3).Soa("example", 900, 60);

    internal static DnsTestAnswer Empty(DnsTestQuery query) => new DnsTestAnswer(query).Soa("example", 900, 60);

    /// <summary>One IPv4 address, and none of IPv6.</summary>
    internal static DnsTestAnswer OneAddress(DnsTestQuery query, uint ttl = 300) =>
        query.Type == DnsTestQuery.A
            ? new DnsTestAnswer(query).Address("192.0.2.7", ttl)
            : new DnsTestAnswer(query).Soa("example", 900, ttl);

    /// <summary>What a name resolves to, or how it fails.</summary>
    internal static string Resolve(SimulatedNetwork net, DnsResolver resolver, string name) => net.RunUntilComplete(net["c"].Run(async () =>
    {
        try
        {
            return string.Join(' ', await resolver.ResolveAsync(name));
        }
        catch (SocketException e)
        {
            return $"{e.SocketErrorCode}: {e.Message}";
        }
    }));
}
