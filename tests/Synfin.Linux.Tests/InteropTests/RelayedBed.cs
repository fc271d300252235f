using System.Net;
using Relay;
using Synfin.Linux.Tests.Support;
using Synfin.Simulation;

namespace Synfin.Linux.Tests.InteropTests;

/// <summary>
/// Synfin, a kernel that forwards, a relay, and another kernel behind it: 10.9.0.2 - 10.9.0.1 (near) 10.7.0.1 - relay - 10.7.0.2 (far); the
/// same with fd00:: and fd07:: of IPv6.
/// </summary>
internal sealed class RelayedBed : IDisposable
{
    private RelayedBed(Testbed bed, NetworkNamespace far, LinkRelay relay)
    {
        Bed = bed;
        Far = far;
        Relay = relay;
    }

    public Testbed Bed { get; }

    /// <summary>The kernel that is Synfin's neighbour.</summary>
    public NetworkNamespace Near => Bed.Kernel;

    /// <summary>The kernel behind the relay.</summary>
    public NetworkNamespace Far { get; }

    public LinkRelay Relay { get; }

    public static RelayedBed Create(SimulatedLinkOptions link, ulong seed = 1, bool offloads = true)
    {
        Testbed bed = Testbed.Create(offloads: offloads);
        NetworkNamespace far = Kernels.Create();
        try
        {
            TunDevice left = bed.Kernel.Run(() => Devices.Open("relay0", "10.7.0.1", "fd07::1"));
            TunDevice right = far.Run(() => Devices.Open("relay0", "10.7.0.2", "fd07::2"));
            bed.Kernel.Run(() =>
            {
                File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "1");
                File.WriteAllText("/proc/sys/net/ipv6/conf/all/forwarding", "1");
            });
            far.Call("ip", "route", "add", "10.9.0.0/24", "via", "10.7.0.1");
            far.Call("ip", "-6", "route", "add", "fd00::/64", "via", "fd07::1");
            return new RelayedBed(bed, far, new LinkRelay(left, right, link, seed));
        }
        catch
        {
            far.Dispose();
            bed.Dispose();
            throw;
        }
    }

    public static IPAddress FarAddress(bool ipv6) => IPAddress.Parse(ipv6 ? "fd07::2" : "10.7.0.2");

    public static IPAddress NearAddress(bool ipv6) => IPAddress.Parse(ipv6 ? "fd07::1" : "10.7.0.1");

    public void Dispose()
    {
        Relay.Dispose();
        Far.Dispose();
        Bed.Dispose();
    }
}
