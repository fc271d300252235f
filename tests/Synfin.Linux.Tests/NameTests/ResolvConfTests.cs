using Synfin.Dns;
using Synfin.Linux;
using Xunit;

namespace Synfin.Linux.Tests.NameTests;

/// <summary>What resolv.conf(5) means.</summary>
public sealed class ResolvConfTests
{
    private static string Servers(DnsOptions options) => string.Join(' ', options.Servers);

    private static string Search(DnsOptions options) => string.Join(' ', options.Search);

    [Fact]
    public void A_usual_file_is_read()
    {
        DnsOptions options = ResolvConf.Parse("""
            # made by something
            ; and this too
            nameserver 10.0.0.2
            nameserver	fe80::1%eth0
            search corp.example example
            options ndots:2 timeout:3 attempts:4 rotate edns0
            """);
        Assert.Equal("10.0.0.2 fe80::1", Servers(options));
        Assert.Equal("corp.example example", Search(options));
        Assert.Equal((2, TimeSpan.FromSeconds(3), 4, true), (options.Ndots, options.Timeout, options.Attempts, options.Rotate));
    }

    [Fact]
    public void Without_a_word_the_defaults_hold_and_the_server_is_this_host()
    {
        DnsOptions options = ResolvConf.Parse("");
        Assert.Equal("127.0.0.1", Servers(options));
        Assert.Equal((1, TimeSpan.FromSeconds(5), 2, false), (options.Ndots, options.Timeout, options.Attempts, options.Rotate));
        Assert.Empty(options.Search);
    }

    [Theory]
    [InlineData("domain a.example\nsearch b.example c.example", "b.example c.example")]
    [InlineData("search b.example\ndomain a.example other", "a.example")]
    [InlineData("search . a..b c.example", "c.example")]
    public void Of_domain_and_search_the_last_counts_and_what_is_no_name_is_skipped(string text, string search) =>
        Assert.Equal(search, Search(ResolvConf.Parse(text)));

    [Theory]
    [InlineData("nameserver 10.0.0.1\nnameserver 10.0.0.2\nnameserver 10.0.0.3\nnameserver 10.0.0.4", "10.0.0.1 10.0.0.2 10.0.0.3")]
    [InlineData(
        "nameserver\nnameserver x\nnameserver 1.2.3\nnameserver 0.0.0.0\n nameserver 10.0.0.9\nNAMESERVER 10.0.0.8\r\n"
        + "nameserver 10.0.0.7\r",
        "10.0.0.7")]
    public void Three_servers_at_most_and_nothing_that_is_no_address(string text, string servers) =>
        Assert.Equal(servers, Servers(ResolvConf.Parse(text)));

    [Fact]
    public void Numbers_have_limits_and_what_is_no_number_is_skipped()
    {
        DnsOptions most = ResolvConf.Parse("options ndots:99 timeout:99999999999999 attempts:99");
        Assert.Equal((15, TimeSpan.FromSeconds(30), 5), (most.Ndots, most.Timeout, most.Attempts));
        DnsOptions least = ResolvConf.Parse("options ndots:0 timeout:0 attempts:0");
        Assert.Equal((0, TimeSpan.FromSeconds(1), 1), (least.Ndots, least.Timeout, least.Attempts));
        DnsOptions none = ResolvConf.Parse("options ndots:-1 timeout: attempts:x ndots");
        Assert.Equal((1, TimeSpan.FromSeconds(5), 2), (none.Ndots, none.Timeout, none.Attempts));
    }

    [Fact]
    public void A_file_is_read_and_one_that_is_not_there_is_empty()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Assert.Equal("127.0.0.1", Servers(ResolvConf.Read(path)));
        File.WriteAllText(path, "nameserver 10.0.0.53\n");
        try
        {
            Assert.Equal("10.0.0.53", Servers(ResolvConf.Read(path)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Whatever_the_text_is_it_is_read()
    {
        const string Letters = "nameservdomich optis:.0123456789abcdef%#;\t\r\n ";
        for (int seed = 0; seed < 2_000; seed++)
        {
            Random random = new(seed);
            string text = string.Concat(Enumerable.Range(0, random.Next(200)).Select(_ => random.Next(8) switch
            {
                0 => "nameserver ",
                1 => "search ",
                2 => "options ndots:",
                _ => Letters[random.Next(Letters.Length)].ToString(),
            }));
            DnsOptions options = ResolvConf.Parse(text);
            Assert.InRange(options.Servers.Count, 1, ResolvConf.MaxServers);
            Assert.InRange(options.Ndots, 0, 15);
        }
    }
}
