using System.Net.Sockets;
using Synfin.Dns;
using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Simulation.Tests.Dns;

/// <summary>What a name resolves to, and what is asked for it (RFC 1034 5.3.1, RFC 1123 6.1).</summary>
[Trait("Rfc", "1123 6.1")]
public sealed class DnsResolverTests : DnsTest
{
    [Fact]
    public void Both_families_are_asked_at_once_and_a_round_trip_later_there_is_an_answer()
    {
        SimulatedNetwork net = Network(ipv6: true);
        ScriptedDns server = new(net["s"], query => query.Type == DnsTestQuery.A
            ? new DnsTestAnswer(query).Address("192.0.2.7").Address("192.0.2.8")
            : new DnsTestAnswer(query).Address("2001:db8::7"));
        Assert.Equal("2001:db8::7 192.0.2.7 192.0.2.8", Resolve(net, Resolver(net), "www.example"));
        Assert.Equal(["A www.example.", "AAAA www.example."], server.Asked);
        Assert.All(server.Queries, q => Assert.Equal((0.01, true, true, 1_232), (q.At, q.RecursionDesired, q.Edns, q.EdnsPayload)));
        Assert.Equal(Timestamp.Zero + Duration.FromMilliseconds(20), net.Now);
        Assert.Equal(0, net["c"].Stack.UdpEndpointCount);
    }

    [Fact]
    [Trait("Rfc", "6724 6")]
    public void IPv4_comes_first_if_the_host_has_no_IPv6()
    {
        SimulatedNetwork net = Network();
        _ = new ScriptedDns(net["s"], query => query.Type == DnsTestQuery.A
            ? new DnsTestAnswer(query).Address("192.0.2.7")
            : new DnsTestAnswer(query).Address("2001:db8::7"));
        Assert.Equal("192.0.2.7 2001:db8::7", Resolve(net, Resolver(net), "www.example"));
    }

    [Theory]
    [InlineData("10.1.2.3", "10.1.2.3")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    [InlineData("localhost", "::1 127.0.0.1")]
    [InlineData("LocalHost.", "::1 127.0.0.1")]
    [InlineData("app.localhost", "::1 127.0.0.1")]
    [InlineData("x.invalid", "HostNotFound: 'x.invalid': No host has that name (names below 'invalid' and 'onion' are never in the DNS "
        + "(RFC 6761, RFC 7686)).")]
    [InlineData("a..b", "HostNotFound: 'a..b': No host has that name (that is no name: a label is empty).")]
    [Trait("Rfc", "6761 6.3")]
    public void Nobody_is_asked_for_what_is_known(string name, string expected)
    {
        SimulatedNetwork net = Network();
        ScriptedDns server = new(net["s"], query => OneAddress(query));
        Assert.Equal(expected, Resolve(net, Resolver(net), name));
        Assert.Empty(server.Queries);
    }

    [Fact]
    public void The_search_list_comes_first_for_names_with_few_dots_and_last_for_others()
    {
        Assert.Equal(["www.corp.example.", "www.example.", "www."], Tried("www", 1));
        Assert.Equal(["www.a.", "www.a.corp.example.", "www.a.example."], Tried("www.a", 1));
        Assert.Equal(["www.a.corp.example.", "www.a.example.", "www.a."], Tried("www.a", 2));
        Assert.Equal(["www."], Tried("www.", 1));

        string[] Tried(string name, int ndots)
        {
            SimulatedNetwork net = Network();
            ScriptedDns server = new(net["s"], NotThere);
            DnsOptions options = new() { Servers = [S], Search = ["corp.example", "example"], Ndots = ndots };
            string seen = Resolve(net, Resolver(net, options), name);
            Assert.StartsWith("HostNotFound", seen, StringComparison.Ordinal);
            string[] tried = [.. server.Queries.Select(query => query.Name).Distinct()];
            Assert.All(tried, one => Assert.Contains($"{one}: 10.0.0.1 says that it is not there", seen, StringComparison.Ordinal));
            return tried;
        }
    }

    [Fact]
    public void A_name_that_is_there_ends_the_search_and_a_failure_does_too()
    {
        SimulatedNetwork net = Network();
        ScriptedDns server = new(net["s"], query => query.Name switch
        {
            "www.corp.example." => NotThere(query),
            "www.example." => OneAddress(query),
            "ftp.corp.example." => new DnsTestAnswer(query, code: 2),
            _ => NotThere(query),
        });
        DnsOptions options = new() { Servers = [S], Search = ["corp.example", "example"] };
        DnsResolver resolver = Resolver(net, options);
        Assert.Equal("192.0.2.7", Resolve(net, resolver, "www"));
        Assert.DoesNotContain(server.Queries, query => query.Name == "www.");
        Assert.Equal(
            "TryAgain: 'ftp': No server gave a useful answer (ftp.corp.example.: asked 2 times: 10.0.0.1 answered SERVFAIL).",
            Resolve(net, resolver, "ftp"));
        Assert.DoesNotContain(server.Queries, query => query.Name == "ftp.example.");
    }

    [Fact]
    public void A_name_without_addresses_is_told_from_one_that_is_not_there()
    {
        SimulatedNetwork net = Network();
        _ = new ScriptedDns(net["s"], query => query.Name == "mx.example." ? Empty(query) : NotThere(query));
        DnsResolver resolver = Resolver(net);
        Assert.Equal(
            "NoData: 'mx.example': The name is there, but has no addresses (mx.example.: 10.0.0.1 says that it has no addresses).",
            Resolve(net, resolver, "mx.example"));
        Assert.Equal(
            "HostNotFound: 'no.example': No host has that name (no.example.: 10.0.0.1 says that it is not there).",
            Resolve(net, resolver, "no.example"));
    }

    [Fact]
    [Trait("Rfc", "1034 3.6.2")]
    public void Aliases_are_followed_within_an_answer_whatever_its_order_and_across_answers()
    {
        SimulatedNetwork net = Network();
        ScriptedDns server = new(net["s"], query => (query.Type, query.Name) switch
        {
            (DnsTestQuery.Aaaa, _) => Empty(query),
            (_, "a.example.") => new DnsTestAnswer(query)
                .Address("192.0.2.1", owner: "c.example.").Alias("c.example.", owner: "B.example.").Alias("b.example."),
            (_, "far.example.") => new DnsTestAnswer(query).Alias("x.other."),
            (_, "x.other.") => new DnsTestAnswer(query).Address("192.0.2.2"),
            _ => NotThere(query),
        });
        DnsResolver resolver = Resolver(net);
        Assert.Equal("192.0.2.1", Resolve(net, resolver, "a.example"));
        Assert.Equal("192.0.2.2", Resolve(net, resolver, "far.example"));
        Assert.Equal(["A far.example.", "AAAA far.example.", "A x.other."], server.Asked.Skip(2));
    }

    [Fact]
    [Trait("Rfc", "1034 3.6.2")]
    public void Aliases_that_go_round_in_circles_end()
    {
        SimulatedNetwork net = Network();
        ScriptedDns server = new(net["s"], query => query.Name switch
        {
            "loop.example." => new DnsTestAnswer(query).Alias("pool.example.").Alias("loop.example.", owner: "pool.example."),
            "ping.example." => new DnsTestAnswer(query).Alias("pong.example."),
            _ => new DnsTestAnswer(query).Alias("ping.example."),
        });
        DnsResolver resolver = Resolver(net);
        Assert.Contains("more than 16 aliases", Resolve(net, resolver, "loop.example"), StringComparison.Ordinal);
        int before = server.Queries.Count;
        Assert.Contains("more than 16 aliases", Resolve(net, resolver, "ping.example"), StringComparison.Ordinal);
        Assert.Equal(2 * 17, server.Queries.Count - before);
    }

    [Fact]
    public void Equal_questions_at_the_same_time_are_asked_once_and_a_cancelled_one_leaves_the_others()
    {
        SimulatedNetwork net = Network();
        ScriptedDns server = new(net["s"], query => OneAddress(query));
        DnsResolver resolver = Resolver(net);
        using CancellationTokenSource impatient = new();
        Task<IReadOnlyList<InternetAddress>>[] tasks = [.. Enumerable.Range(0, 20).Select(i => net["c"].Run(
            () => resolver.ResolveAsync(i % 2 == 0 ? "www.example" : "WWW.Example.", i == 0 ? impatient.Token : default).AsTask()))];
        net.Start(async () =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), net.TimeProvider);
            impatient.Cancel(); // here, not on the thread pool
        });
        net.RunUntil(() => tasks.All(task => task.IsCompleted));
        Assert.Equal(2, server.Queries.Count);
        Assert.True(tasks[0].IsCanceled);
        Assert.All(tasks.Skip(1), task => Assert.Equal("192.0.2.7", Assert.Single(task.Result).ToString()));
    }

    [Fact]
    public void When_nobody_waits_any_more_nobody_is_asked_any_more()
    {
        SimulatedNetwork net = Network();
        ScriptedDns server = new(net["s"], _ => (DnsTestAnswer?)null);
        DnsResolver resolver = Resolver(net);
        using CancellationTokenSource cancel = new(TimeSpan.FromSeconds(1), net.TimeProvider);
        Task task = net["c"].Run(() => resolver.ResolveAsync("www.example", cancel.Token).AsTask());
        Assert.ThrowsAny<OperationCanceledException>(() => net.RunUntilComplete(task));
        Assert.Equal(Timestamp.Zero + Duration.FromSeconds(1), net.Now);
        net.RunFor(Duration.FromSeconds(60));
        Assert.Equal((2, 0), (server.Queries.Count, net["c"].Stack.UdpEndpointCount));
    }

    [Fact]
    public void Only_so_many_questions_are_asked_at_once_and_only_so_many_wait()
    {
        SimulatedNetwork net = Network();
        ScriptedDns server = new(net["s"], query => OneAddress(query));
        DnsResolver resolver = Resolver(net, new DnsOptions { Servers = [S], MaxQueries = 4, MaxWaiting = 6 });
        Task<string>[] tasks = [.. Enumerable.Range(0, 6).Select(i => net["c"].Run(async () =>
        {
            try
            {
                return (await resolver.ResolveAsync($"n{i}.example"))[0].ToString();
            }
            catch (SocketException e)
            {
                return e.Message;
            }
        }))];
        net.RunUntil(() => tasks.All(task => task.IsCompleted));
        Assert.All(tasks.Take(5), task => Assert.Equal("192.0.2.7", task.Result));
        Assert.Contains("DnsOptions.MaxWaiting", net.RunUntilComplete(tasks[5]), StringComparison.Ordinal);
        Assert.Equal([0.01, 0.01, 0.01, 0.01, 0.03, 0.03, 0.03, 0.03, 0.05, 0.05], server.Queries.Select(query => Math.Round(query.At, 6)));
    }

    [Fact]
    public void A_disposed_resolver_and_a_crashed_host_leave_nobody_waiting()
    {
        SimulatedNetwork net = Network();
        _ = new ScriptedDns(net["s"], _ => (DnsTestAnswer?)null);
        DnsResolver resolver = Resolver(net), other = Resolver(net);
        Task<SocketException> disposed = net.Start(() => Fails(resolver)), crashed = net.Start(() => Fails(other));
        net.RunFor(Duration.FromMilliseconds(100));
        resolver.Dispose();
        net["c"].Crash();
        Assert.Equal(SocketError.OperationAborted, net.RunUntilComplete(disposed).SocketErrorCode);
        Assert.Equal(SocketError.TryAgain, net.RunUntilComplete(crashed).SocketErrorCode);
        Assert.Equal(Timestamp.Zero + Duration.FromMilliseconds(100), net.Now);
        Task late = net.Start(() => Assert.ThrowsAsync<ObjectDisposedException>(() => resolver.ResolveAsync("b.example").AsTask()));
        net.RunUntilComplete(late);

        static Task<SocketException> Fails(DnsResolver resolver) =>
            Assert.ThrowsAsync<SocketException>(() => resolver.ResolveAsync("a.example").AsTask());
    }

    [Fact]
    public void A_connection_to_a_name_asks_the_stacks_resolver()
    {
        SimulatedNetwork net = Network();
        _ = new ScriptedDns(net["s"], query => query.Type == DnsTestQuery.A ? new DnsTestAnswer(query).Address("10.0.0.2") : Empty(query));
        net["c"].Tcp.NameResolver = Resolver(net);
        net["t"].Listen(80);
        Task<string> peer = net["c"].Run(async () =>
            (await net["c"].ConnectAsync("www.example", 80)).RemoteEndPoint.ToString());
        Assert.Equal("10.0.0.2:80", net.RunUntilComplete(peer));
    }

    [Fact]
    public async Task HttpClient_finds_its_server_by_name_in_hosted_mode()
    {
        using SimulatedNetwork net = Network(mode: SimulationMode.Hosted);
        _ = new ScriptedDns(net["s"], query => query.Type == DnsTestQuery.A ? new DnsTestAnswer(query).Address("10.0.0.2") : Empty(query));
        net["c"].Tcp.NameResolver = Resolver(net);
        Synfin.Sockets.TcpListener listener = net["t"].Listen(80);
        _ = net["t"].Run(async () =>
        {
            Synfin.Sockets.TcpConnection connection = await listener.AcceptAsync();
            await connection.ReadAsync(new byte[2_000]);
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"u8.ToArray());
            connection.Close();
        });
        await net.TestAsync(async () =>
        {
            using HttpClient client = net["c"].CreateHttpClient();
            Assert.Equal("hello", await client.GetStringAsync(new Uri("http://www.example/")));
            Task<string> get = client.GetStringAsync(new Uri("http://x.invalid/"));
            HttpRequestException e = await Assert.ThrowsAsync<HttpRequestException>(() => get);
            Assert.Equal(HttpRequestError.NameResolutionError, e.HttpRequestError);
        });
    }

    [Fact]
    public void A_seed_gives_the_same_ids_and_ports_again_and_another_gives_others()
    {
        Assert.Equal(Run(1), Run(1));
        Assert.NotEqual(Run(1), Run(2));

        static string Run(ulong seed)
        {
            SimulatedNetwork net = Network(seed);
            ScriptedDns server = new(net["s"], query => OneAddress(query));
            Resolve(net, Resolver(net), "www.example");
            return string.Join(' ', server.Queries.Select(query => $"{query.Id}/{query.Port}"));
        }
    }
}
