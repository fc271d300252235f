using Microsoft.Win32.SafeHandles;
using Synfin.Ip;
using Synfin.Wire;

namespace Synfin.Linux;

/// <summary>What one interface of a host is like: a TUN or TAP device, and what the host has there.</summary>
public record LinuxInterfaceOptions
{
    /// <summary>The device's name, 1 to 15 characters; "synfin%d" lets the kernel choose the number.</summary>
    public required string Device { get; init; }

    /// <summary>TAP (Ethernet frames, with ARP, Neighbor Discovery and DHCP) instead of TUN (IP packets).</summary>
    public bool Ethernet { get; init; }

    /// <summary>
    /// The queues of a device that somebody else opened, who has the rights, and set up; null to open <see cref="Device"/>. They are the
    /// host's from then on. <see cref="Ethernet"/> and the number of queues must agree with them; see
    /// <see cref="TunDevice.FromDescriptors"/>.
    /// </summary>
    public IReadOnlyList<SafeFileHandle>? Descriptors { get; init; }

    /// <summary>Checksums and segmentation are left to the kernel where that is possible.</summary>
    public bool Offloads { get; init; } = true;

    /// <summary>The host's addresses here, each with the length of its subnet's prefix. May be none with DHCP or SLAAC.</summary>
    public IReadOnlyList<AddressPrefix> Addresses { get; init; } = [];

    /// <summary>
    /// The kernel's addresses on the link, which are added to the device and need the right to do so; none if the device is set up already.
    /// </summary>
    public IReadOnlyList<AddressPrefix> HostAddresses { get; init; } = [];

    /// <summary>The routers to everywhere else, one of each family at most.</summary>
    public IReadOnlyList<InternetAddress> Gateways { get; init; } = [];

    /// <summary>
    /// Further routes; <see cref="Route.Interface"/> is set by the host. On TUN a gateway says nothing: all is handed to the kernel.
    /// </summary>
    public IReadOnlyList<Route> Routes { get; init; } = [];

    /// <summary>The MTU that the device is given, 576 to 65,535 octets; null leaves it as it is, which is 1,500 for a new device.</summary>
    public int? Mtu { get; init; }

    /// <summary>Asks for an IPv4 address, routes and DNS servers by DHCP (RFC 2131); needs <see cref="Ethernet"/>.</summary>
    public bool Dhcp { get; init; }

    /// <summary>
    /// IPv6 addresses and routes from routers (RFC 4862), with stable identifiers (RFC 7217), and a link-local address; needs
    /// <see cref="Ethernet"/>.
    /// </summary>
    public bool Slaac { get; init; }

    /// <summary>
    /// The host's own Ethernet address; null makes one that stays the same for the same machine and device name.
    /// </summary>
    public MacAddress? HardwareAddress { get; init; }
}
