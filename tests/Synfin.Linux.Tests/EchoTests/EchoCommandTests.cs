using Synfin.Cli.Echo;
using Synfin.Linux.Tests.Support;
using Xunit;

namespace Synfin.Linux.Tests.EchoTests;

public sealed class EchoCommandTests
{
    [Theory]
    [InlineData("10.9.0.2", "10.9.0.1/24", 7, "--address \"10.9.0.2\" is no address with a prefix length")]
    [InlineData("10.9.0.2/24", "nowhere/24", 7, "--host-address \"nowhere/24\" is no address with a prefix length")]
    [InlineData("10.9.0.1/24", "10.9.0.1/24", 7, "are the same")]
    [InlineData("10.9.1.2/24", "10.9.0.1/24", 7, "is not in the subnet of --host-address 10.9.0.1/24")]
    [InlineData("fd00::2/64", "10.9.0.1/24", 7, "is not in the subnet")]
    [InlineData("10.9.0.2/24", "10.9.0.1/24", 0, "--port 0 is not between 1 and 65535")]
    [InlineData("10.9.0.2/24", "10.9.0.1/24", 65_536, "--port 65536 is not between 1 and 65535")]
    public async Task Options_that_make_no_sense_end_with_2_and_say_why(string address, string hostAddress, int port, string reason)
    {
        var options = new EchoOptions { Tun = "synfin0", Address = address, HostAddress = hostAddress, Port = port };
        (int code, string error) = await RunAsync(options);
        Assert.Equal(2, code);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_cannot_be_opened_ends_with_1_and_says_why()
    {
        var options = new EchoOptions { Tun = "a-name-that-is-too-long", Address = "10.9.0.2/24", HostAddress = "10.9.0.1/24" };
        (int code, string error) = await RunAsync(options);
        Assert.Equal(1, code);
        Assert.Contains("synfin echo: \"a-name-that-is-too-long\" is no name for a TUN device", error, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Needs", "tun")]
    public async Task Without_the_right_it_ends_with_1_and_says_what_to_do()
    {
        using NetworkNamespace kernel = Kernels.Create();
        kernel.Run(ThreadPrivileges.DropCapabilities);
        var options = new EchoOptions { Tun = "synfin0", Address = "10.9.0.2/24", HostAddress = "10.9.0.1/24" };
        (int code, string error) = await kernel.Run(() => RunAsync(options));
        Assert.Equal(1, code);
        Assert.Contains("ip tuntap add dev synfin0", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Error)> RunAsync(EchoOptions options)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await EchoCommand.RunAsync(options, output, error, TestContext.Current.CancellationToken);
        Assert.Empty(output.ToString());
        return (code, error.ToString());
    }
}
