using System.Net;
using Synfin.Dns;
using Synfin.Sockets;
using Synfin.Timers;

namespace Synfin.Simulation.Tests.Dns;

/// <summary>Servers that do not answer, lie, refuse or cut; and what is remembered (RFC 5452, RFC 6891, RFC 7766, RFC 2308).</summary>
[Trait("Rfc", "5452 9.1")]
public sealed class DnsServersTests : DnsTest
{
    private static DnsOptions Two { get; } = new() { Servers = [S, T] };

    [Fact]
    public void A_dead_server_is_followed_by_the_next_one_after_five_seconds()
    {
        SimulatedNetwork net = Network();
        ScriptedDns dead = new(net["s"], _ => (DnsTestAnswer?)null), alive = new(net["t"], query => OneAddress(query));
        Assert.Equal("192.0.2.7", Resolve(net, Resolver(net, Two), "www.example"));
        Assert.Equal(Timestamp.Zero + Duration.FromMilliseconds(5_020), net.Now);
        Assert.Equal((2, 2), (dead.Queries.Count, alive.Queries.Count));
    }

    [Fact]
    public void A_server_without_DNS_is_known_by_ICMP_at_once()
    {
        SimulatedNetwork net = Network();
        _ = new ScriptedDns(net["t"], query => OneAddress(query));
        Assert.Equal("192.0.2.7", Resolve(net, Resolver(net, Two), "www.example"));
        Assert.Equal(Timestamp.Zero + Duration.FromMilliseconds(40), net.Now);
    }

    [Fact]
    public void Nobody_answers_twice_each_and_the_error_says_so()
    {
        SimulatedNetwork net = Network();
        ScriptedDns first = new(net["s"], _ => (DnsTestAnswer?)null), second = new(net["t"], query => new DnsTestAnswer(query, code: 5));
        string seen = Resolve(net, Resolver(net, Two), "www.example");
        Assert.Equal(
            "TryAgain: 'www.example': No server gave a useful answer (www.example.: asked 2 times: 10.0.0.1 did not answer within 5 s, "
            + "10.0.0.2 answered REFUSED).",
            seen);
        Assert.Equal((4, 4), (first.Queries.Count, second.Queries.Count));
        Assert.Equal(10, net.Now.Seconds, 1);
        Assert.Contains("set DnsOptions.Servers", Resolve(net, Resolver(net, new DnsOptions()), "www.example"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_query_is_sent_again_from_another_port_with_another_id()
    {
        SimulatedNetwork net = Network();
        int lose = 2;
        ScriptedDns server = new(net["s"], query => lose-- > 0 ? null : OneAddress(query));
        Assert.Equal("192.0.2.7", Resolve(net, Resolver(net), "www.example"));
        Assert.Equal(5.02, net.Now.Seconds, 6);
        Assert.Equal(4, server.Queries.Select(query => query.Port).Distinct().Count());
        Assert.Equal(4, server.Queries.Select(query => query.Id).Distinct().Count());
    }

    [Fact]
    [Trait("Rfc", "5452 9.2")]
    public void Ids_and_ports_are_spread_over_their_ranges()
    {
        SimulatedNetwork net = Network();
        ScriptedDns server = new(net["s"], query => OneAddress(query, ttl: 0));
        DnsResolver resolver = Resolver(net);
        for (int i = 0; i < 200; i++) Resolve(net, resolver, "www.example");
        Assert.InRange(server.Queries.Select(query => query.Id).Distinct().Count(), 395, 400);
        Assert.InRange(server.Queries.Select(query => query.Port).Distinct().Count(), 385, 400);
        Assert.InRange(server.Queries.Average(query => query.Id), 28_000, 37_500);
        Assert.Equal(400, resolver.QueriesSent);
    }

    [Theory]
    [InlineData("id")]
    [InlineData("question")]
    [InlineData("query")]
    [InlineData("short")]
    public void What_is_no_answer_is_ignored_and_the_answer_counts(string lie)
    {
        SimulatedNetwork net = Network();
        ScriptedDns server = new(net["s"], query =>
        {
            DnsTestAnswer wrong = new DnsTestAnswer(query).Address("203.0.113.66");
            byte[] octets = lie switch
            {
                "id" => Shifted(wrong),
                "question" => wrong.AboutAnother("evil.example.").ToOctets(),
                "query" => query.Octets,
                _ => wrong.ToOctets()[..11],
            };
            return [octets, octets, OneAddress(query).ToOctets()];
        });
        DnsResolver resolver = Resolver(net);
        Assert.Equal("192.0.2.7", Resolve(net, resolver, "www.example"));
        Assert.Equal((4, 0.02), (resolver.AnswersIgnored, net.Now.Seconds));

        static byte[] Shifted(DnsTestAnswer answer)
        {
            answer.IdOffset = 1;
            return answer.ToOctets();
        }
    }

    [Fact]
    public void An_answer_of_another_address_or_port_is_not_even_heard()
    {
        SimulatedNetwork net = Network();
        UdpSocket otherPort = net["s"].Tcp.BindUdp(null, 5_353), otherHost = net["t"].Tcp.BindUdp(null, 53);
        IPAddress client = IPAddress.Parse("10.0.0.9");
        _ = new ScriptedDns(net["s"], query =>
        {
            if (query.Type != DnsTestQuery.A) return [Empty(query).ToOctets()];
            byte[] forged = new DnsTestAnswer(query).Address("203.0.113.66").ToOctets(); // whoever forged it knows id and port
            net["s"].Run(() => otherPort.SendToAsync(forged, new IPEndPoint(client, query.Port)).AsTask());
            net["t"].Run(() => otherHost.SendToAsync(forged, new IPEndPoint(client, query.Port)).AsTask());
            net["s"].Run(async () =>
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), net.TimeProvider);
                await otherPort.SendToAsync(forged, new IPEndPoint(client, query.Port));
            });
            return [];
        });
        DnsResolver resolver = Resolver(net, new DnsOptions { Servers = [S], Attempts = 1 });
        Assert.Contains("did not answer within 5 s", Resolve(net, resolver, "www.example"), StringComparison.Ordinal);
        Assert.Equal(0, resolver.AnswersIgnored);
    }

    [Fact]
    public void Who_is_told_too_many_lies_asks_by_TCP()
    {
        SimulatedNetwork net = Network();
        ScriptedDns server = new(net["s"], query =>
        {
            if (query.Tcp) return [OneAddress(query).ToOctets()];
            return Enumerable.Range(1, 100).Select(i =>
            {
                DnsTestAnswer guess = new DnsTestAnswer(query).Address("203.0.113.66");
                guess.IdOffset = i;
                return guess.ToOctets();
            });
        });
        Assert.Equal("192.0.2.7", Resolve(net, Resolver(net), "www.example"));
        Assert.Equal(2, server.Queries.Count(query => query.Tcp));
    }

    [Fact]
    [Trait("Rfc", "7766 5")]
    public void A_cut_answer_is_asked_for_again_by_TCP()
    {
        SimulatedNetwork net = Network();
        ScriptedDns server = new(net["s"], query =>
        {
            DnsTestAnswer answer = OneAddress(query);
            answer.Truncated = !query.Tcp;
            if (query.Tcp && query.Type == DnsTestQuery.A)
                for (int i = 1; i < 200; i++) answer.Address($"192.0.3.{i}");
            return answer;
        });
        string[] seen = Resolve(net, Resolver(net), "www.example").Split(' ');
        Assert.Equal((64, "192.0.2.7"), (seen.Length, seen[0])); // the most that are taken of one answer
        Assert.Equal(["A www.example. tcp", "AAAA www.example. tcp"], server.Asked.Skip(2).Order());
        Assert.Equal(0.06, net.Now.Seconds, 6); // UDP, then handshake and answer
    }

    [Fact]
    public void A_server_without_TCP_or_one_that_closes_too_early_fails_with_its_reason()
    {
        SimulatedNetwork net = Network();
        ScriptedDns closes = new(net["s"], query => query.Tcp ? null : Cut(query));
        ScriptedDns refuses = new(net["t"], Cut);
        refuses.Listener.Close();
        string seen = Resolve(net, Resolver(net, Two), "www.example");
        Assert.Contains("10.0.0.1 could not be asked by TCP: it closed before the end of its answer", seen, StringComparison.Ordinal);
        Assert.Contains("10.0.0.2 could not be asked: Connection refused", seen, StringComparison.Ordinal);

        static DnsTestAnswer Cut(DnsTestQuery query) => new(query) { Truncated = true };
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [Trait("Rfc", "6891 7")]
    public void Who_does_not_understand_EDNS_is_asked_without_and_stays_so(int code)
    {
        SimulatedNetwork net = Network();
        ScriptedDns server = new(net["s"], query => query.Edns ? new DnsTestAnswer(query, code) : OneAddress(query, ttl: 0));
        DnsResolver resolver = Resolver(net);
        Assert.Equal("192.0.2.7", Resolve(net, resolver, "www.example"));
        Assert.Equal([true, true, false, false], server.Queries.Select(query => query.Edns));
        Assert.Equal("192.0.2.7", Resolve(net, resolver, "www.example"));
        Assert.All(server.Queries.Skip(4), query => Assert.False(query.Edns));
    }

    [Fact]
    public void An_answer_that_cannot_be_read_and_a_referral_are_failures()
    {
        SimulatedNetwork net = Network();
        _ = new ScriptedDns(net["s"], query => new DnsTestAnswer(query) { Cut = 1 }.Address("192.0.2.7"));
        _ = new ScriptedDns(net["t"], query => new DnsTestAnswer(query) { RecursionAvailable = false }.NameServer("example."));
        string seen = Resolve(net, Resolver(net, Two), "www.example");
        Assert.Contains("10.0.0.1 sent an answer that cannot be read, 10.0.0.2 does not ask others", seen, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rfc", "1035 7.4")]
    public void An_answer_is_remembered_until_it_is_too_old()
    {
        SimulatedNetwork net = Network();
        ScriptedDns server = new(net["s"], query => OneAddress(query, ttl: 30));
        DnsResolver resolver = Resolver(net);
        Assert.Equal("192.0.2.7", Resolve(net, resolver, "www.example"));
        net.RunFor(Duration.FromSeconds(29));
        Assert.Equal("192.0.2.7", Resolve(net, resolver, "WWW.example."));
        Assert.Equal((2, 2), (server.Queries.Count, resolver.CacheHits));
        net.RunFor(Duration.FromSeconds(1));
        Assert.Equal("192.0.2.7", Resolve(net, resolver, "www.example"));
        Assert.Equal(4, server.Queries.Count);
    }

    [Fact]
    [Trait("Rfc", "2308 5")]
    public void That_a_name_is_not_there_is_remembered_as_long_as_the_SOA_says_and_failures_are_not()
    {
        SimulatedNetwork net = Network();
        bool soa = true;
        ScriptedDns server = new(net["s"], query => query.Name == "bad.example."
            ? new DnsTestAnswer(query, code: 2)
            : soa ? NotThere(query) : new DnsTestAnswer(query, code: 3)); // 900 s, of which its MINIMUM leaves 60
        DnsResolver resolver = Resolver(net, new DnsOptions { Servers = [S], Attempts = 1 });
        Assert.Equal([2, 0, 2], [Queries("no.example", 0), Queries("no.example", 59), Queries("no.example", 1)]);
        Assert.Equal([2, 2], [Queries("bad.example", 0), Queries("bad.example", 0)]);
        soa = false;
        Assert.Equal([2, 2], [Queries("without.example", 0), Queries("without.example", 0)]);

        int Queries(string name, double after)
        {
            net.RunFor(Duration.FromSeconds(after));
            int before = server.Queries.Count;
            Resolve(net, resolver, name);
            return server.Queries.Count - before;
        }
    }

    [Fact]
    public void The_memory_has_a_limit_and_forgets_what_was_used_longest_ago()
    {
        SimulatedNetwork net = Network();
        ScriptedDns server = new(net["s"], query => OneAddress(query));
        DnsResolver resolver = Resolver(net, new DnsOptions { Servers = [S], MaxCacheEntries = 4 });
        foreach (char name in "abacab") Resolve(net, resolver, $"{name}.example");
        Assert.Equal(
            ["a.example.", "b.example.", "c.example.", "b.example."],
            server.Queries.Where(query => query.Type == DnsTestQuery.A).Select(query => query.Name));
    }

    [Fact]
    public void New_options_forget_what_the_old_servers_said()
    {
        SimulatedNetwork net = Network();
        ScriptedDns old = new(net["s"], query => OneAddress(query));
        ScriptedDns present = new(net["t"], q => q.Type == DnsTestQuery.A ? new DnsTestAnswer(q).Address("192.0.2.9") : Empty(q));
        DnsResolver resolver = Resolver(net);
        Assert.Equal("192.0.2.7", Resolve(net, resolver, "www.example"));
        resolver.Options = resolver.Options with { Servers = [T] };
        Assert.Equal("192.0.2.9", Resolve(net, resolver, "www.example"));
        Assert.Equal((2, 2), (old.Queries.Count, present.Queries.Count));
        Assert.Throws<ArgumentException>(() => resolver.Options = new DnsOptions { Attempts = 0 });
    }

    [Fact]
    public void Servers_take_turns_if_that_is_wanted()
    {
        SimulatedNetwork net = Network();
        ScriptedDns first = new(net["s"], query => OneAddress(query, 0)), second = new(net["t"], query => OneAddress(query, 0));
        DnsResolver resolver = Resolver(net, Two with { Rotate = true });
        for (int i = 0; i < 4; i++) Resolve(net, resolver, "www.example");
        Assert.Equal((4, 4), (first.Queries.Count, second.Queries.Count));
    }
}
