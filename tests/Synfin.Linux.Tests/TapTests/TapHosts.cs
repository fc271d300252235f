using System.Diagnostics;
using System.Net;
using Synfin.Ip;
using Synfin.Linux.Tests.Support;

namespace Synfin.Linux.Tests.TapTests;

/// <summary>The kernel of a namespace of its own, and a Synfin host, on one Ethernet.</summary>
internal sealed class TapHosts : IDisposable
{
    private readonly List<Process> _servers = [];

    private TapHosts(NetworkNamespace kernel, LinuxHost synfin)
    {
        Kernel = kernel;
        Synfin = synfin;
    }

    public static IPAddress KernelIpv4 { get; } = IPAddress.Parse("10.9.0.1");

    public static IPAddress KernelIpv6 { get; } = IPAddress.Parse("fd00:9::1");

    public NetworkNamespace Kernel { get; }

    public LinuxHost Synfin { get; }

    /// <summary>Makes both; skips the test where that is not possible. The kernel's end is there before the host begins to ask.</summary>
    public static TapHosts Create(Func<LinuxHostOptions, LinuxHostOptions> configure, params string[] dnsmasq)
    {
        NetworkNamespace kernel = Kernels.Create();
        if (dnsmasq.Length > 0) Requires.Program("dnsmasq");
        try
        {
            // No other host can have the kernel's addresses: it need not ask.
            kernel.Call("sysctl", "-qw", "net.ipv6.conf.default.accept_dad=0");
            LinuxHostOptions options = configure(new LinuxHostOptions
            {
                Device = "synfin0",
                Ethernet = true,
                HostAddresses = [AddressPrefix.Parse("10.9.0.1/24"), AddressPrefix.Parse("fd00:9::1/64")],
            });
            LinuxHost synfin = kernel.Run(() => LinuxHost.Open(options));
            var hosts = new TapHosts(kernel, synfin);
            if (dnsmasq.Length > 0) hosts.StartDnsmasq(dnsmasq);
            return hosts;
        }
        catch
        {
            kernel.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Synfin.Dispose();
        foreach (Process server in _servers)
        {
            server.Kill();
            server.WaitForExit();
            server.Dispose();
        }
        Kernel.Dispose();
    }

    private void StartDnsmasq(string[] arguments)
    {
        string[] all =
        [
            "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--interface=synfin0", "--bind-interfaces",
            "--user=root", "--pid-file=", "--dhcp-leasefile=/dev/null", "--log-facility=/dev/null", .. arguments,
        ];
        _servers.Add(Kernel.Start(new ProcessStartInfo("dnsmasq", all)));
    }
}
