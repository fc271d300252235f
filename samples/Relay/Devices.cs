using Synfin.Ip;
using Synfin.Linux;

namespace Relay;

/// <summary>A relay's devices.</summary>
internal static class Devices
{
    /// <summary>Opens one without offloads in the calling thread's network namespace, and switches it on.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="addresses">The kernel's addresses there, in subnets of 24 bits, or 64 of IPv6; none if it has them.</param>
    public static TunDevice Open(string name, params string[] addresses)
    {
        TunDevice device = TunDevice.Open(new TunDeviceOptions { Name = name, Offloads = false });
        foreach (string address in addresses)
        {
            AddressPrefix prefix = AddressPrefix.Parse(address.Contains(':', StringComparison.Ordinal) ? $"{address}/64" : $"{address}/24");
            device.SetHostAddress(prefix.Address, prefix.Length);
        }
        device.Up();
        return device;
    }
}
